import { AppError, type JsonValue } from '@runnel/contracts'
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { eventTooLarge } from '../../event-too-large.ts'
import type { DecodeLimits } from '../../wire-format.ts'
import { createCloudEvent, type CloudEvent } from './cloud-event.ts'
import { readData } from './read-data.ts'

const PREFIX = 'ce-'

/** @returns whether a request says that its headers are those of a CloudEvent */
export function isBinary(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) if (name.startsWith(PREFIX)) return true
  return false
}

/**
 * A CloudEvent whose attributes are headers and whose data are the body.
 *
 * @throws AppError
 */
export function readBinary(
  headers: IncomingHttpHeaders,
  bytes: Buffer,
  { eventLimitBytes }: Pick<DecodeLimits, 'eventLimitBytes'>,
): CloudEvent {
  if (bytes.length > eventLimitBytes) throw eventTooLarge(eventLimitBytes)
  const attributes = new Map<string, JsonValue>()
  const contentType = headers['content-type']
  if (contentType !== undefined && bytes.length > 0) attributes.set('datacontenttype', contentType)
  for (const header in headers) {
    const name = header.slice(PREFIX.length)
    if (!header.startsWith(PREFIX) || name === 'datacontenttype') continue
    attributes.set(name, decodeHeader(header, [headers[header] ?? ''].flat().join(',')))
  }
  return createCloudEvent(attributes, readData(bytes, contentType), (name) => `${PREFIX}${name}`)
}

const QUOTED = /^"(.*)"$/s

/**
 * Percent-encoded UTF-8, which may stand in quotes. A percent sign that begins no code is one: some clients do not encode it.
 *
 * @param text as Node reads headers: a character for each byte
 * @throws AppError bad_encoding
 */
function decodeHeader(name: string, text: string): string {
  const quoted = QUOTED.exec(text)
  const plain = quoted ? quoted[1]!.replace(/\\(.)/gs, '$1') : text
  const decoded = plain.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  const bytes = Buffer.from(decoded, 'latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw new AppError('bad_encoding', `The header ${name} is not percent-encoded UTF-8`, {
    field: name,
    expected: 'UTF-8',
  })
}
