import { AppError } from '@runnel/contracts'
import { tooManyItems } from '../too-many-items.ts'
import type { DecodedBody, DecodeLimits, WireFormat, WireRequest } from '../wire-format.ts'
import { chooseFormats, type Endpoint, type FormatChoice, type ServedFormat } from './endpoints.ts'
import { inflateBody } from './inflate.ts'

/** A body, and the format that reads and answers it. */
export interface ReadBody {
  readonly format: WireFormat
  readonly decoded: DecodedBody
}

/**
 * The bytes of a request as texts of events: media type, Content-Encoding, format, number of items.
 *
 * @param inTurn inflates a compressed body as soon as there is room for that
 * @returns at once for a plain body, a promise for a compressed one: the hot path pays for no extra turn
 * @throws AppError of the whole body; what is wrong with an event is yet to be found
 */
export function readBody(
  endpoint: Endpoint,
  body: Buffer,
  request: WireRequest,
  inTurn: (inflate: () => Promise<Buffer>) => Promise<Buffer>,
): ReadBody | Promise<ReadBody> {
  const choice = chooseFormats(endpoint, request.headers['content-type'])
  // Some clients ask with no bytes at all whether a route is there, and name an encoding nevertheless.
  if (body.length === 0 && choice.formats[0]!.format.answersEmpty) return decode(choice, body, request)
  const named = request.headers['content-encoding']?.trim().toLowerCase()
  const encoding = named === undefined || named === 'identity' ? encodingOf(choice, body) : named
  if (encoding === undefined) return decode(choice, body, request)
  const { bodyLimitBytes } = choice.formats[0]!.limits
  const inflate = () => inflateBody(body, encoding, bodyLimitBytes, choice.encodings)
  return inTurn(inflate).then((bytes) => decode(choice, bytes, request))
}

/** What one of the formats sees in the bytes themselves. */
function encodingOf({ formats }: FormatChoice, body: Buffer): string | undefined {
  for (const { format } of formats) {
    const encoding = format.encodingOf?.(body)
    if (encoding !== undefined) return encoding
  }
  return undefined
}

function decode(choice: FormatChoice, bytes: Buffer, request: WireRequest): ReadBody | Promise<ReadBody> {
  const { format, route, limits } = recognise(choice.formats, bytes, request)
  const decoded = route.decode(bytes, request, limits)
  if (decoded instanceof Promise) return decoded.then((body) => checkSize(format, body, limits))
  return checkSize(format, decoded, limits)
}

function recognise(formats: readonly ServedFormat[], bytes: Buffer, { headers }: WireRequest): ServedFormat {
  for (const served of formats) {
    const { format } = served
    if (format.recognises === undefined || format.recognises(bytes, headers)) return served
  }
  throw new AppError(
    'unsupported_media_type',
    'The body is in none of the formats that this route supports: send JSON, with content-type: application/json',
    { field: 'content-type', expected: 'a body as its content type says' },
  )
}

function checkSize(format: WireFormat, decoded: DecodedBody, { maxItems }: DecodeLimits): ReadBody {
  const items = decoded.texts.length + (decoded.rejected?.length ?? 0)
  if (items > maxItems) throw tooManyItems(maxItems)
  if (items > 0 || format.answersEmpty) return { format, decoded }
  throw new AppError('empty_batch', 'The body holds no events', { expected: 'at least one event' })
}
