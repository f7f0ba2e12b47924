import {
  eventTimeMs,
  isJsonObject,
  parseTimestamp,
  validateItem,
  type JsonObject,
  type JsonValue,
  type MetricData,
} from '@runnel/contracts'
import { omitMembers } from '@runnel/json'
import type { MetricRow } from '@runnel/repositories-events'
import type { IncomingEvent } from '../incoming-event.ts'

/**
 * A metric as a row: from `{"data":{...}}` as it is POSTed, or bare, as a third party may publish it.
 *
 * @throws AppError when a known member has the wrong type
 */
export function promoteMetric({ id, key, data: item, raw }: IncomingEvent): MetricRow {
  const { data, extra } = unwrap(item, raw !== undefined)
  const { name, value, unit, tags, timestamp } = data as MetricData
  return {
    id,
    key,
    occurredAtMs: parseTimestamp(timestamp) ?? eventTimeMs(id),
    name: name ?? 'value',
    value: value ?? null,
    unit: unit ?? null,
    tags: (tags as JsonObject | undefined) ?? null,
    data,
    extra,
  }
}

/** Only a third party's message may be bare: it has no object as its `data`, or a `value` beside it. */
function unwrap(item: JsonValue, raw: boolean): { data: JsonValue; extra: JsonValue } {
  const wrapped = isJsonObject(item) && isJsonObject(item['data']) && (!raw || item['value'] === undefined)
  if (raw && !wrapped) {
    validateItem('metric-data', item)
    return { data: item, extra: null }
  }
  validateItem('metrics', item)
  return { data: (item as JsonObject)['data']!, extra: besideData(item as JsonObject) }
}

const DATA = new Set(['data'])

/** Mostly there is nothing: to take an object apart for it costs more than to look. */
function besideData(item: JsonObject): JsonValue {
  for (const name in item) {
    if (name === 'data') continue
    return omitMembers(item, DATA)
  }
  return null
}
