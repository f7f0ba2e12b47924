import { AppError } from '@runnel/contracts'
import { promisify } from 'node:util'
import {
  brotliDecompress,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib'

/**
 * Undoes a compression.
 *
 * @param limitBytes where the result would be larger, it stops and throws: AppError body_too_large, or what zlib throws
 */
export type Inflate = (bytes: Buffer, limitBytes: number) => Promise<Buffer> | Buffer

type Decompress = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer> | Buffer

/**
 * A trip through the thread pool costs 47 us, inflating 100 metrics 14: what is this small is inflated at once. Deflate
 * makes at most 1032 bytes of one, so that 4 KiB hold the thread for some 10 ms at worst.
 */
const SMALL_BYTES = 4096

const gunzipBytes = choose(gunzipSync, promisify(gunzip))
const inflateZlib = choose(inflateSync, promisify(inflate))
const inflateBare = choose(inflateRawSync, promisify(inflateRaw))
/** A few bytes of brotli may become as much as the limit lets them. */
const unbrotli: Inflate = (bytes, limitBytes) =>
  promisify(brotliDecompress)(bytes, { maxOutputLength: limitBytes })

function choose(now: Decompress, inPool: Decompress): Inflate {
  return (bytes, limitBytes) =>
    (bytes.length <= SMALL_BYTES ? now : inPool)(bytes, { maxOutputLength: limitBytes })
}

/** `deflate` means zlib (RFC 9110), and yet some clients send it bare: the low bits of the first byte show which. */
const inflateEither: Inflate = (bytes, limitBytes) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateZlib(bytes, limitBytes) : inflateBare(bytes, limitBytes)

const INFLATERS: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', gunzipBytes],
  ['x-gzip', gunzipBytes],
  ['deflate', inflateEither],
  ['br', unbrotli],
])

/**
 * Undoes a Content-Encoding, that of large bodies in the thread pool. Inflating stops at the limit: a small body cannot become a large one.
 *
 * @param encoding in lower case
 * @param more encodings of the wire format
 * @throws AppError unsupported_encoding | body_too_large | bad_encoding
 */
export async function inflateBody(
  body: Buffer,
  encoding: string,
  limitBytes: number,
  more: ReadonlyMap<string, Inflate>,
): Promise<Buffer> {
  const inflater = INFLATERS.get(encoding) ?? more.get(encoding)
  if (!inflater) {
    throw new AppError('unsupported_encoding', 'The content encoding is not supported', {
      field: 'content-encoding',
      expected: [...more.keys(), 'gzip, deflate or br'].join(', '),
    })
  }
  try {
    return await inflater(body, limitBytes)
  } catch (error) {
    throw describeInflateError(error, encoding, limitBytes)
  }
}

function describeInflateError(error: unknown, encoding: string, limitBytes: number): AppError {
  if (error instanceof AppError) return error
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
    return new AppError('body_too_large', `The body inflates to more than ${limitBytes} bytes`, {
      expected: `at most ${limitBytes} bytes`,
    })
  }
  const details = { field: 'content-encoding' }
  return new AppError('bad_encoding', `The body is not valid ${encoding}`, details, error)
}
