import {
  judgeItem,
  parseTimestamp,
  toDouble,
  type JsonNumber,
  type JsonObject,
  type JsonValue,
  type MetricData,
} from '@runnel/contracts'
import { omitMembers } from '@runnel/json'
import type { MetricRow } from '@runnel/repositories-events'
import { originOf, type IncomingEvent } from '../incoming-event.ts'

/**
 * A metric as a row: from `{"data":{...}}` as it is POSTed, or bare, as a third party may publish it.
 *
 * @throws AppError when a known member has the wrong type
 */
export function promoteMetric({ id, key, op, data: sent, form, receivedMs }: IncomingEvent): MetricRow {
  const item = judgeItem('metrics', op, sent, originOf(form))
  const data = item['data']!
  const { name, value, unit, tags, timestamp } = data as MetricData
  return {
    id,
    key,
    occurredAtMs: parseTimestamp(timestamp) ?? receivedMs,
    name: name ?? 'value',
    value: finiteOrNull(value),
    unit: unit ?? null,
    tags: (tags as JsonObject | undefined) ?? null,
    data,
    extra: besideData(item),
  }
}

/** Of a number beyond doubles the column knows nothing; `data` keeps it. */
function finiteOrNull(value: JsonNumber | undefined): number | null {
  if (value === undefined) return null
  const double = toDouble(value)
  return Number.isFinite(double) ? double : null
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
