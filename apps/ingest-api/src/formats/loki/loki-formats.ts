import { AppError } from '@runnel/contracts'
import { inflateSnappy } from '@runnel/wire/snappy'
import { Type } from 'typebox'
import type {
  DecodedBody,
  DecodeLimits,
  WireAnswer,
  WireFailure,
  WireFormat,
  WireRequest,
} from '../../wire-format.ts'
import { answerText } from '../shared/answer-text.ts'
import { describeProtocol } from '../shared/describe-protocol.ts'
import { keyOfBody } from '../shared/key-of-body.ts'
import { statusOfFailure } from '../shared/status-of-failure.ts'
import { mapRecords } from '../shared/map-records.ts'
import type { PushedEntry } from './pushed-entry.ts'
import { readJsonPush } from './read-json-push.ts'
import { readProtobufPush } from './read-protobuf-push.ts'
import { toLogEvent } from './to-log-event.ts'

const JSON_TYPE = 'application/json'
const PROTOBUF_TYPE = 'application/x-protobuf'

type ReadPush = (bytes: Buffer, limits: DecodeLimits) => Iterable<PushedEntry | AppError | undefined>

/** Loki's push API, in JSON. */
export const lokiJson = createPushFormat('loki-json', [JSON_TYPE], readJsonPush)

/** The same in Protocol Buffers: a snappy block, of which most clients say nothing. */
export const lokiProtobuf: WireFormat<undefined> = {
  ...createPushFormat('loki-protobuf', [PROTOBUF_TYPE, 'application/x-snappy'], readProtobufPush),
  encodings: new Map([['snappy', inflateSnappy]]),
  encodingOf: (bytes) => (bytes.length === 0 ? undefined : 'snappy'),
}

function createPushFormat(
  name: string,
  mediaTypes: readonly string[],
  read: ReadPush,
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
        decode: (bytes, request, limits) => decodePush(read(bytes, limits), bytes, request, limits),
      },
    ],
    answer: () => ({ status: 204, headers: {}, body: undefined }),
    answerError,
  }
}

function decodePush(
  entries: Iterable<PushedEntry | AppError | undefined>,
  bytes: Buffer,
  request: WireRequest,
  limits: DecodeLimits,
): DecodedBody<undefined> | Promise<DecodedBody<undefined>> {
  const tenant = request.headers['x-scope-orgid']
  const tenantName = typeof tenant === 'string' ? tenant : ''
  let hasTimes = true
  const map = (entry: PushedEntry) => {
    hasTimes &&= entry.nanos !== 0n
    return [{ kind: 'logs' as const, item: toLogEvent(entry, tenantName) }]
  }
  const finish = (body: DecodedBody<undefined>) => {
    requireReadable(body)
    // Without times, the same bytes again are other entries.
    return { ...body, ...(hasTimes && { bodyKey: keyOfBody(request, bytes) }) }
  }
  const mapping = mapRecords(entries, { map, kind: 'logs', limits, context: undefined })
  return mapping instanceof Promise ? mapping.then(finish) : finish(mapping)
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
