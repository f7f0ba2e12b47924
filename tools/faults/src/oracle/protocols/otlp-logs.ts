import {
  create,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type JsonValue,
  type MessageInitShape,
} from '@bufbuild/protobuf'
import type { JsonObject } from '@runnel/contracts'
import {
  ExportLogsServiceRequestSchema,
  ExportLogsServiceResponseSchema,
  type ExportLogsServiceResponse,
} from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { contentOf, type EventContent } from '../event-content.ts'
import {
  judgeFailure,
  judgeParts,
  judgeUnreadable,
  partsAsMeant,
  typeOf,
  type BusyRule,
} from './judge-protocol-answer.ts'
import { timeMsOf, type ProtocolAnswer, type ProtocolClient, type ProtocolEvent } from './protocol-client.ts'

type LogsRequest = MessageInitShape<typeof ExportLogsServiceRequestSchema>

/** The specification's own list; others are dropped. */
const BUSY: BusyRule = { repeated: [429, 502, 503, 504], allowed: [429, 503] }

/** The first number of each level. */
const SEVERITIES = { debug: 5, info: 9, warn: 13, error: 17 } as const

const NANOS = 1_000_000n
/** Beneath milliseconds, so that a lost digit is seen. */
const MORE_NANOS = 123_457n
/** Beyond what a double holds. */
const LARGE = 2n ** 60n + 1n
const HOST = 'host.name'

interface Encoding {
  readonly type: string
  write(request: LogsRequest): string | Uint8Array<ArrayBuffer>
  /** @throws where it is malformed */
  read(bytes: Buffer): ExportLogsServiceResponse
}

const protobuf: Encoding = {
  type: 'application/x-protobuf',
  write: (request) =>
    toBinary(ExportLogsServiceRequestSchema, create(ExportLogsServiceRequestSchema, request)),
  read: (bytes) => fromBinary(ExportLogsServiceResponseSchema, bytes),
}

const json: Encoding = {
  type: 'application/json',
  write: (request) =>
    JSON.stringify(toJson(ExportLogsServiceRequestSchema, create(ExportLogsServiceRequestSchema, request))),
  read: (bytes) => fromJson(ExportLogsServiceResponseSchema, JSON.parse(bytes.toString('utf8')) as JsonValue),
}

/** Log records of OpenTelemetry in Protocol Buffers. */
export const otlpProtobuf = createClient(protobuf, true)

/** The same in JSON. */
export const otlpJson = createClient(json, true)

/** Records that say no time. */
export const otlpUntimed = createClient(protobuf, false)

function createClient({ type, write, read }: Encoding, hasTimes: boolean): ProtocolClient {
  return {
    kind: 'logs',
    path: '/v1/logs',
    headers: { 'content-type': type },
    encode: (events) => write(toRequest(events, hasTimes)),
    toStored: (event) => toStored(event, hasTimes),
    judge: (answer, events) => judge(answer, events, type, read),
  }
}

function toRequest(events: readonly ProtocolEvent[], hasTimes: boolean): LogsRequest {
  const logRecords = events.map((event) => toRecord(event, contentOf(event.id), hasTimes))
  const resource = {
    attributes: [
      { key: 'service.name', value: text('oracle') },
      { key: HOST, value: text('host-1') },
    ],
  }
  return {
    resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'oracle', version: '1' }, logRecords }] }],
  }
}

const text = (value: string) => ({ value: { case: 'stringValue', value } }) as const

function toRecord(event: ProtocolEvent, content: EventContent, hasTimes: boolean) {
  const { level, value, hash } = content
  const deep = { values: [{ key: 'deep', value: text(content.text) }] }
  const list = {
    values: [
      { value: { case: 'intValue', value: BigInt(hash[1]!) } } as const,
      { value: { case: 'kvlistValue', value: deep } } as const,
    ],
  }
  return {
    ...(hasTimes && { timeUnixNano: nanosOf(event), observedTimeUnixNano: nanosOf(event) + NANOS }),
    severityNumber: SEVERITIES[level],
    // What is malformed cannot be stored: PostgreSQL's text has no NUL.
    body: text(event.isMalformed ? `${content.text}\0` : content.text),
    attributes: [
      { key: 'oracle', value: text(event.id) },
      { key: 'value', value: { value: { case: 'doubleValue', value } } as const },
      { key: 'large', value: { value: { case: 'intValue', value: LARGE } } as const },
      { key: 'list', value: { value: { case: 'arrayValue', value: list } } as const },
      { key: 'nothing', value: {} },
    ],
  }
}

function nanosOf(event: Pick<ProtocolEvent, 'seq'>): bigint {
  return BigInt(timeMsOf(event)) * NANOS + MORE_NANOS
}

function toStored(event: Pick<ProtocolEvent, 'id' | 'seq'>, hasTimes: boolean): JsonObject {
  const { text: message, level, value, hash } = contentOf(event.id)
  const timeOf = (ms: number) => new Date(ms).toISOString().replace('Z', `${MORE_NANOS}Z`)
  const timeMs = timeMsOf(event)
  const list = [hash[1]!, { deep: message }]
  return {
    ...(hasTimes && { timestamp: timeOf(timeMs), observedTimestamp: timeOf(timeMs + 1) }),
    ...{ level, service: 'oracle', message, scope: { name: 'oracle', version: '1' } },
    attributes: { [HOST]: 'host-1', oracle: event.id, value, large: String(LARGE), list, nothing: null },
  }
}

/** Partial success is read, and never repeated. It has a number alone: the events that are meant by it are those that are malformed. */
function judge(
  answer: ProtocolAnswer,
  events: readonly ProtocolEvent[],
  type: string,
  read: Encoding['read'],
) {
  if (typeOf(answer) !== type)
    return { ...judgeFailure(answer, BUSY), wrongAnswer: `${answer.status} as ${typeOf(answer)}` }
  if (answer.status !== 200) return judgeFailure(answer, BUSY)
  let rejected: number
  try {
    rejected = Number(read(answer.bytes).partialSuccess?.rejectedLogRecords ?? 0)
  } catch (error) {
    return judgeUnreadable(answer, `is malformed: ${String(error)}`)
  }
  const meant = partsAsMeant(events)
  if (rejected === meant.refused.length) return judgeParts(answer, events, meant)
  return judgeUnreadable(
    answer,
    `rejects ${rejected} of ${events.length} records, ${meant.refused.length} of which are malformed`,
  )
}
