import { AppError } from '@runnel/contracts'
import { decodeUtf8 } from '@runnel/json'
import type { IncomingHttpHeaders } from 'node:http'
import { decoderFor, tooManyItems, type DecodedBody } from './decoders.ts'
import { inflateBody } from './inflate.ts'

export interface BodyLimits {
  readonly bodyLimitBytes: number
  readonly batchLimitItems: number
}

/**
 * The bytes of a request as texts of events.
 *
 * @returns at once for a plain body, a promise for a compressed one: the hot path pays for no extra turn
 * @throws AppError of the whole body; what is wrong with an event is yet to be found
 */
export function decodeBody(
  body: Buffer,
  headers: IncomingHttpHeaders,
  limits: BodyLimits,
): DecodedBody | Promise<DecodedBody> {
  const decoder = decoderFor(headers['content-type'])
  const encoding = headers['content-encoding']?.trim().toLowerCase()
  const finish = (bytes: Buffer): DecodedBody =>
    checkSize(decoder(decodeUtf8(bytes), limits.batchLimitItems), limits.batchLimitItems)
  if (encoding === undefined || encoding === 'identity') return finish(body)
  return inflateBody(body, encoding, limits.bodyLimitBytes).then(finish)
}

function checkSize(decoded: DecodedBody, limitItems: number): DecodedBody {
  if (decoded.texts.length > limitItems) throw tooManyItems(limitItems)
  if (decoded.texts.length > 0) return decoded
  throw new AppError('empty_batch', 'The body holds no events', { expected: 'at least one event' })
}
