import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { RejectedItem, WireAnswer, WireFailure, WireOutcome } from '../../wire-format.ts'
import type { OtlpResponse } from './signal.ts'

/** How an encoding writes the answers of OTLP. */
export interface AnswerWriter {
  readonly contentType: string
  /** @param partial undefined where nothing was refused */
  writeResponse(response: OtlpResponse, partial: PartialSuccess | undefined): string | Buffer
  writeStatus(status: RpcStatus): string | Buffer
}

interface PartialSuccess {
  /** Records that were refused. */
  readonly rejected: number
  readonly message: string
}

/** google.rpc.Status. */
interface RpcStatus {
  /** google.rpc.Code. */
  readonly code: number
  readonly message: string
}

export const jsonAnswers: AnswerWriter = {
  contentType: 'application/json',
  writeResponse: ({ rejectedName }, partial) =>
    partial === undefined
      ? '{}'
      : JSON.stringify({
          // 64-bit integers are texts in JSON.
          partialSuccess: { [rejectedName]: String(partial.rejected), errorMessage: partial.message },
        }),
  writeStatus: (status) => JSON.stringify(status),
}

export const protobufAnswers: AnswerWriter = {
  contentType: 'application/x-protobuf',
  // All three responses are alike: partial_success is 1, and in it 1 the number and 2 the message.
  writeResponse: (_response, partial) => {
    const writer = new BinaryWriter()
    if (partial !== undefined) {
      writer.tag(1, WireType.LengthDelimited).fork()
      writer.tag(1, WireType.Varint).int64(partial.rejected)
      writer.tag(2, WireType.LengthDelimited).string(partial.message).join()
    }
    return Buffer.from(writer.finish())
  },
  writeStatus: ({ code, message }) => {
    const writer = new BinaryWriter()
    writer.tag(1, WireType.Varint).int32(code)
    writer.tag(2, WireType.LengthDelimited).string(message)
    return Buffer.from(writer.finish())
  },
}

/** 200, also where nothing was accepted: a refused body would be dropped as a whole, or sent again. */
export function answerAccepted(
  writer: AnswerWriter,
  response: OtlpResponse,
  { rejected }: Pick<WireOutcome, 'rejected'>,
): WireAnswer {
  return {
    status: 200,
    headers: { 'content-type': writer.contentType },
    body: writer.writeResponse(response, describePartial(response, rejected)),
  }
}

/** Reasons that an answer names; one is enough to find a sender's mistake. */
const NAMED_REASONS = 3

function describePartial(
  { recordsName }: OtlpResponse,
  items: readonly RejectedItem[],
): PartialSuccess | undefined {
  const byRecord = new Map<number, RejectedItem>()
  // A record may become several events.
  for (const item of items) if (!byRecord.has(item.index)) byRecord.set(item.index, item)
  if (byRecord.size === 0) return undefined
  const reasons = [...byRecord.values()]
    .slice(0, NAMED_REASONS)
    .map(({ index, message, field }) => `${index}${field === undefined ? '' : ` (${field})`}: ${message}`)
  const more = byRecord.size > reasons.length ? '; ...' : ''
  return {
    rejected: byRecord.size,
    message: `Refused ${recordsName}, by their place in the request: ${reasons.join('; ')}${more}`,
  }
}

/** google.rpc.Code of an HTTP status; other errors of the caller are INVALID_ARGUMENT. */
const RPC_CODES: Readonly<Record<number, number>> = {
  401: 16,
  403: 7,
  404: 5,
  409: 10,
  429: 8,
  500: 13,
  502: 14,
  503: 14,
  504: 4,
}
const INVALID_ARGUMENT = 3

/** What passes is 429, 502, 503 or 504: clients repeat nothing else. */
export function answerFailure(writer: AnswerWriter, { error, status }: WireFailure): WireAnswer {
  const { expected } = error.details
  return {
    status,
    headers: { 'content-type': writer.contentType },
    body: writer.writeStatus({
      code: RPC_CODES[status] ?? INVALID_ARGUMENT,
      message: `${error.code}: ${error.message}${expected === undefined ? '' : ` (expected: ${expected})`}`,
    }),
  }
}
