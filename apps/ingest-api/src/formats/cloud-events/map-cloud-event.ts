import {
  AppError,
  isExactNumber,
  isJsonObject,
  readLevelName,
  readLogColumns,
  toDouble,
  type EventOperation,
  type JsonObject,
  type JsonValue,
  type Kind,
} from '@runnel/contracts'
import { boundedKey } from '../shared/bounded-key.ts'
import { firstIndexedText, indexedText } from '../shared/indexed-text.ts'
import type { MappedEvent } from '../shared/map-records.ts'
import type { CloudData, CloudEvent } from './cloud-event.ts'
import { isProductType, operationOf } from './product-types.ts'

/** As in a route for one kind: every CloudEvent is an event of it. */
export function mapToKind(kind: Kind, event: CloudEvent): MappedEvent {
  // Source and id name one event, by the specification.
  const key = boundedKey(`${event.source}#${event.id}`)
  switch (kind) {
    case 'logs':
      return { kind, key, item: toLog(event) }
    case 'metrics':
      return { kind, key, item: toMetric(event) }
    case 'traces':
      return { kind, key, item: requireObject(event) }
    case 'products': {
      const operation = operationOf(event.type)
      return { kind, key, operation, item: toProduct(event, operation) }
    }
  }
}

/**
 * Where a CloudEvent may be of any kind, its type says which: an event about the state of a product, or a log.
 *
 * @param productTypes that are about products beside those that say so by their names
 */
export function mapByType(event: CloudEvent, productTypes: ReadonlySet<string>): MappedEvent {
  const isProduct = productTypes.has(event.type) || isProductType(event.type)
  return mapToKind(isProduct ? 'products' : 'logs', event)
}

/** `00-<trace id>-<span id>-<flags>`: the extension for distributed tracing. */
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/

function toLog({ attributes, source, type, data }: CloudEvent): JsonObject {
  const { time, subject, traceparent } = attributes
  const columns = data.form === 'json' && isJsonObject(data.value) ? readLogColumns(data.value) : undefined
  const level = levelOf(attributes) ?? columns?.level ?? undefined
  const service = indexedText(source)
  const trace = typeof traceparent === 'string' ? TRACE_PARENT.exec(traceparent) : null
  const about = subject === undefined ? type : `${type} ${String(subject)}`
  return {
    ...(time !== undefined && { timestamp: time }),
    ...(level !== undefined && { level }),
    ...(service !== undefined && { service }),
    message: textOf(data) ?? columns?.message ?? about,
    ...(trace && { traceId: trace[1]!, spanId: trace[2]! }),
    attributes: { ...attributes, ...withData(data) },
  }
}

function textOf(data: CloudData): string | undefined {
  if (data.form === 'text') return data.text
  return data.form === 'json' && typeof data.value === 'string' ? data.value : undefined
}

/** What the message does not say yet. */
function withData(data: CloudData): JsonObject {
  if (data.form === 'bytes') return { data_base64: data.base64 }
  return data.form === 'json' && typeof data.value !== 'string' ? { data: data.value } : {}
}

/** The extension for severities: OpenTelemetry's text, else its number, of which each level has four. */
const SEVERITY_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

function levelOf(attributes: JsonObject): string | undefined {
  const name = firstIndexedText(attributes, ['severitytext'])
  if (name !== undefined) return readLevelName(name)
  const { severitynumber: sent } = attributes
  const number = isExactNumber(sent) ? toDouble(sent) : Number(sent)
  return number >= 1 && number <= 24 ? SEVERITY_LEVELS[Math.floor((number - 1) / 4)] : undefined
}

/** The data are what the route for metrics takes, or what it has as `data`. */
function toMetric(event: CloudEvent): JsonObject {
  const data = requireObject(event)
  return isJsonObject(data['data']) ? data : { data }
}

/** A deletion needs no data: its subject may name the product. */
function toProduct(event: CloudEvent, operation: EventOperation): JsonObject {
  if (operation === 'upsert') return requireObject(event)
  const data = event.data.form === 'none' ? {} : requireObject(event)
  const id = data['id'] ?? idOf(event.attributes['subject'])
  if (id === undefined) {
    throw new AppError('missing_field', 'The deletion names no product', {
      field: '/data/id',
      expected: 'the id in data, or as the end of the subject',
    })
  }
  return { id, ...(data['version'] !== undefined && { version: data['version'] }) }
}

/** `17`, or `product/17`. */
function idOf(subject: JsonValue | undefined): number | undefined {
  const digits = typeof subject === 'string' ? /(?:^|[/:])(\d{1,15})$/.exec(subject)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}

function requireObject({ data }: CloudEvent): JsonObject {
  if (data.form === 'json' && isJsonObject(data.value)) return data.value
  const code = data.form === 'none' ? 'missing_field' : 'invalid_field'
  throw new AppError(code, 'The data of this CloudEvent have to be a JSON object', {
    field: '/data',
    expected: 'an object, as the route of its kind takes it',
  })
}
