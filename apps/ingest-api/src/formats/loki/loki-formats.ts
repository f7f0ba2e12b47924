import { AppError } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import { inflateSnappy } from '@runnel/wire/snappy'
import { Type } from 'typebox'
import type {
  DecodedBody,
  DecodeLimits,
  WireAnswer,
  WireFailure,
  WireFormat,
  WireRequest,
  WireRoute,
} from '../../wire-format.ts'
import { answerText } from '../shared/answer-text.ts'
import { describeProtocol } from '../shared/describe-protocol.ts'
import { keyOfBody } from '../shared/key-of-body.ts'
import { statusOfFailure } from '../shared/status-of-failure.ts'
import { mapInSteps } from '../shared/map-records.ts'
import { decodePlainPush } from './decode-plain-push.ts'
import type { PushedEntry } from './pushed-entry.ts'
import { readJsonPush } from './read-json-push.ts'
import { readProtobufPush } from './read-protobuf-push.ts'
import { toLogEvent } from './to-log-event.ts'

const JSON_TYPE = 'application/json'
const PROTOBUF_TYPE = 'application/x-protobuf'

/** Loki's push API, in JSON. */
export const lokiJson = createPushFormat('loki-json', [JSON_TYPE], decodeJson)

/** The same in Protocol Buffers: a snappy block, of which most clients say nothing. */
export const lokiProtobuf: WireFormat<undefined> = {
  ...createPushFormat('loki-protobuf', [PROTOBUF_TYPE, 'application/x-snappy'], decodeProtobuf),
  encodings: new Map([['snappy', inflateSnappy]]),
  encodingOf: (bytes) => (bytes.length === 0 ? undefined : 'snappy'),
}

function createPushFormat(
  name: string,
  mediaTypes: readonly string[],
  decode: WireRoute<undefined>['decode'],
): WireFormat<undefined> {
  return {
    name,
    mediaTypes,
    takesLargeBatches: true,
    answersEmpty: true,
    routes: [
      {
        url: '/loki/api/v1/push',
        access: 'logs:write',
        schema: describeProtocol({
          tag: 'loki',
          summary: 'Lines as logs, as Loki takes them',
          description: 'Entries that cannot be stored cost themselves alone. Errors are plain text.',
          consumes: [JSON_TYPE, PROTOBUF_TYPE],
          response: { 204: Type.Null({ description: 'Everything that can be kept is kept' }) },
          errors: Type.String(),
          failures: [400, 401, 403, 413, 415, 503],
        }),
        decode,
      },
    ],
    answer: () => ({ status: 204, headers: {}, body: undefined }),
    answerError,
  }
}

function decodeJson(
  bytes: Buffer,
  request: WireRequest,
  limits: DecodeLimits,
): DecodedBody<undefined> | Promise<DecodedBody<undefined>> {
  return inSlices(decodeJsonInSteps(bytes, request, limits))
}

function* decodeJsonInSteps(
  bytes: Buffer,
  request: WireRequest,
  limits: DecodeLimits,
): Generator<void, DecodedBody<undefined>> {
  const events = yield* decodePlainPush(bytes, tenantOf(request), limits)
  if (events === undefined) return yield* decodeEntries(readJsonPush(bytes, limits), bytes, request, limits)
  const { texts, plain, indexes, rejected, hasTimes } = events
  const body = {
    form: 'records',
    kinds: 'logs',
    texts,
    plain,
    indexes,
    rejected,
    context: undefined,
  } as const
  return finish(body, hasTimes, bytes, request)
}

function decodeProtobuf(
  bytes: Buffer,
  request: WireRequest,
  limits: DecodeLimits,
): DecodedBody<undefined> | Promise<DecodedBody<undefined>> {
  return inSlices(decodeEntries(readProtobufPush(bytes, limits), bytes, request, limits))
}

function* decodeEntries(
  entries: Iterable<PushedEntry | AppError | undefined>,
  bytes: Buffer,
  request: WireRequest,
  limits: DecodeLimits,
): Generator<void, DecodedBody<undefined>> {
  const tenant = tenantOf(request)
  let hasTimes = true
  const map = (entry: PushedEntry) => {
    hasTimes &&= entry.nanos !== 0n
    return [{ kind: 'logs' as const, item: toLogEvent(entry, tenant) }]
  }
  const body = yield* mapInSteps(entries, { map, kind: 'logs', limits, context: undefined })
  return finish(body, hasTimes, bytes, request)
}

/** @returns empty where the request names none */
function tenantOf({ headers }: WireRequest): string {
  const tenant = headers['x-scope-orgid']
  return typeof tenant === 'string' ? tenant : ''
}

/** Without times, the same bytes again are other entries. @throws AppError bad_request */
function finish(
  body: DecodedBody<undefined>,
  hasTimes: boolean,
  bytes: Buffer,
  request: WireRequest,
): DecodedBody<undefined> {
  requireReadable(body)
  return { ...body, ...(hasTimes && { bodyKey: keyOfBody(request, bytes) }) }
}

/** @throws AppError bad_request for entries none of which has the form of one: their sender speaks something else */
function requireReadable({ texts, rejected = [] }: DecodedBody): void {
  if (texts.length > 0 || rejected.length === 0 || rejected.some(({ code }) => code !== 'invalid_field'))
    return
  throw new AppError('bad_request', `No entry can be read: ${rejected[0]!.message}`, {
    expected: '[nanoseconds, line]',
  })
}

/** Clients keep a batch after 503, and drop it after everything else. */
function answerError(failure: WireFailure): WireAnswer {
  const { code, message } = failure.error
  return answerText(statusOfFailure(failure), `${code}: ${message}`)
}
