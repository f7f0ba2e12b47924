import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** How a body is to be read, as its headers say. */
export interface BodyHeaders {
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
}

/** The text of a body, or why it cannot be read. */
export type DecodedBody = { readonly text: string } | { readonly problem: string }

type Inflate = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer

/** Content codings. Of `deflate` there are two, and servers send both. */
const INFLATE: Readonly<Record<string, Inflate>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  br: brotliDecompressSync,
  deflate(bytes, options) {
    try {
      return inflateSync(bytes, options)
    } catch {
      return inflateRawSync(bytes, options)
    }
  },
}

/** More codings than this, one upon another, are not undone. */
const MAX_CODINGS = 4

/**
 * Reads a body in whatever encoding it came: compressed, with a byte order mark, in UTF-16 or any charset that is named.
 *
 * @param maxBytes of what it inflates to
 */
export function decodeBody(bytes: Buffer, headers: BodyHeaders, maxBytes: number): DecodedBody {
  const codings = (headers.contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  if (bytes.length === 0) return { text: '' }
  if (codings.length > MAX_CODINGS) return { problem: `it has ${codings.length} content encodings` }
  let inflated = bytes
  for (const coding of codings.reverse()) {
    const inflate = Object.hasOwn(INFLATE, coding) ? INFLATE[coding] : undefined
    if (!inflate) return { problem: `its content encoding ${coding} is not known` }
    try {
      inflated = inflate(inflated, { maxOutputLength: maxBytes })
    } catch (error) {
      const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      return { problem: isTooLong ? `it is longer than ${maxBytes} bytes` : `it is not valid ${coding}` }
    }
  }
  return { text: new TextDecoder(charsetOf(inflated, headers.contentType)).decode(inflated) }
}

/** A byte order mark wins over the header. JSON begins with an ASCII character, by whose zero bytes UTF-16 is known. */
function charsetOf(bytes: Buffer, contentType = ''): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xef && second === 0xbb) return 'utf-8'
  if (first === 0 && second !== 0) return 'utf-16be'
  if (first !== 0 && second === 0) return 'utf-16le'
  const named = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]
  return named !== undefined && isCharset(named) ? named : 'utf-8'
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== undefined
  } catch {
    return false
  }
}
