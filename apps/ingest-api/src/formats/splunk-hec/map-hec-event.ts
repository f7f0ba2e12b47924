import {
  AppError,
  isExactNumber,
  isJsonObject,
  readLevelName,
  readLogColumns,
  type JsonObject,
  type JsonValue,
} from '@runnel/contracts'
import { readJson, setMember } from '@runnel/json'
import { firstIndexedText } from '../shared/indexed-text.ts'
import type { MappedEvent } from '../shared/map-records.ts'
import { timeOfSeconds } from '../shared/time-of-seconds.ts'

/** What says where an event comes from: beside it, or for all events of a request in its query. */
const METADATA = ['host', 'source', 'sourcetype', 'index'] as const

/** Where the service is, the first one first. */
const SERVICE_NAMES = ['source', 'sourcetype']

const METRIC_PREFIX = 'metric_name:'

/**
 * An event of the HTTP Event Collector as a log, or as the metrics that it holds.
 *
 * @param query what the parameters of the request say about all of its events
 * @throws AppError of this event
 */
export function mapHecEvent(sent: JsonValue, query: JsonObject): MappedEvent[] {
  if (!isJsonObject(sent)) {
    const details = { field: '', expected: 'an object' }
    throw new AppError('invalid_field', 'An event is a JSON object', details)
  }
  const metadata = metadataOf(sent, query)
  const time = sent['time'] ?? query['time'] ?? null
  const timestamp = time === null || time === '' ? {} : { timestamp: timeOfSeconds(time) }
  const fields = isJsonObject(sent['fields']) ? sent['fields'] : {}
  const measured = measuredIn(fields)
  if (measured.length > 0) {
    const tags = tagsOf(fields, metadata)
    return measured.map(([name, value, field]) => ({
      kind: 'metrics',
      item: { data: { name, ...readValue(value, field), tags, ...timestamp } },
    }))
  }
  const event = requireEvent(sent['event'])
  return [{ kind: 'logs', item: toLog(event, fields, metadata, timestamp) }]
}

/** A line of the raw endpoint: what the query says is all that is known about it. */
export function mapHecLine(line: string, query: JsonObject): MappedEvent[] {
  return mapHecEvent({ event: line }, query)
}

function metadataOf(sent: JsonObject, query: JsonObject): JsonObject {
  const metadata: JsonObject = {}
  for (const name of METADATA) {
    const value = sent[name] ?? query[name]
    if (value !== undefined && value !== null && value !== '') metadata[name] = value
  }
  return metadata
}

/** @throws AppError missing_field | invalid_field */
function requireEvent(event: JsonValue | undefined): JsonValue {
  const details = { field: '/event', expected: 'text that is not empty, or JSON' }
  if (event === undefined || event === null)
    throw new AppError('missing_field', 'Event field is required', details)
  if (event === '') throw new AppError('invalid_field', 'Event field cannot be blank', details)
  return event
}

function toLog(
  event: JsonValue,
  fields: JsonObject,
  metadata: JsonObject,
  timestamp: JsonObject,
): JsonObject {
  const level = levelOf(event, fields)
  const service = firstIndexedText(metadata, SERVICE_NAMES)
  return {
    ...timestamp,
    ...(level !== undefined && { level }),
    ...(service !== undefined && { service }),
    message: messageOf(event),
    attributes: attributesOf(event, fields, metadata),
  }
}

function messageOf(event: JsonValue): string {
  if (typeof event === 'string') return event
  if (!isJsonObject(event)) return JSON.stringify(event)
  const inner = event['message']
  // Loggers for winston and bunyan put the entry there.
  const found = isJsonObject(inner) ? readLogColumns(inner).message : readLogColumns(event).message
  return found ?? JSON.stringify(event)
}

/** How OpenTelemetry's collector names it. */
const OTEL_SEVERITY = 'otel.log.severity.text'

function levelOf(event: JsonValue, fields: JsonObject): string | undefined {
  const own = isJsonObject(event) ? readLogColumns(event).level : null
  const found = own ?? readLogColumns(fields).level ?? undefined
  if (found !== undefined) return found
  const name = firstIndexedText(fields, [OTEL_SEVERITY])
  return name === undefined ? undefined : readLevelName(name)
}

/** A field that is called as something else of the event keeps that apart. */
function attributesOf(event: JsonValue, fields: JsonObject, metadata: JsonObject): JsonObject {
  const attributes: JsonObject = { ...metadata }
  if (typeof event !== 'string') attributes['event'] = event
  for (const name in fields) {
    const isTaken = Object.hasOwn(attributes, name)
    setMember(attributes, isTaken ? `fields.${name}` : name, fields[name]!)
  }
  return attributes
}

type Measured = readonly [name: string, value: JsonValue, field: string]

/** Several metrics by names with a prefix, or one in the older form. */
function measuredIn(fields: JsonObject): Measured[] {
  const { metric_name: name, _value: value } = fields
  if (typeof name === 'string' && value !== undefined) return [[name, value, '_value']]
  return Object.keys(fields)
    .filter((field) => field.startsWith(METRIC_PREFIX))
    .map((field) => [field.slice(METRIC_PREFIX.length), fields[field]!, field])
}

/** Some agents write numbers as texts. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Of integers beyond 2^53 all digits are kept beside the number. @throws AppError invalid_field */
function readValue(sent: JsonValue, field: string): JsonObject {
  const value = typeof sent === 'string' && NUMBER.test(sent) ? readJson(sent) : sent
  if (typeof value === 'number') return { value }
  if (isExactNumber(value)) return { value, ...(/^-?\d+$/.test(value.rawJSON) && { exact: value.rawJSON }) }
  throw new AppError('invalid_field', 'The value of the metric is not a number', {
    field: `/fields/${field}`,
    expected: 'a number',
  })
}

const NO_TAGS = new Set(['metric_name', '_value'])

function tagsOf(fields: JsonObject, metadata: JsonObject): JsonObject {
  const service = firstIndexedText(metadata, SERVICE_NAMES)
  const tags: JsonObject = service === undefined ? {} : { service }
  for (const name in metadata) tags[name] = toTag(metadata[name]!)
  for (const name in fields) {
    if (!NO_TAGS.has(name) && !name.startsWith(METRIC_PREFIX)) setMember(tags, name, toTag(fields[name]!))
  }
  return tags
}

/** Lists and objects are the text of their JSON. */
function toTag(value: JsonValue): JsonValue {
  return typeof value === 'object' && value !== null && !isExactNumber(value) ? JSON.stringify(value) : value
}
