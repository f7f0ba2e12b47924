import { AppError } from '@runnel/contracts'
import { promisify } from 'node:util'
import {
  brotliDecompress,
  constants,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  zstdDecompress,
  type ZlibOptions,
  type ZstdOptions,
} from 'node:zlib'

/**
 * Undoes a compression.
 *
 * @param limitBytes where the result would be larger, it stops and throws: AppError body_too_large, or what zlib throws
 */
export type Inflate = (bytes: Buffer, limitBytes: number) => Promise<Buffer> | Buffer

type Options = ZlibOptions & ZstdOptions & { readonly info?: boolean }
type DecompressNow = (bytes: Buffer, options: Options) => unknown
type DecompressInPool = (bytes: Buffer, options: Options) => Promise<unknown>

/** What zlib returns where it is asked for `info`; the types of Node know only the buffer. */
interface Inflated {
  readonly buffer: Buffer
  /** `bytesWritten`: of the compressed bytes, how many it has read. */
  readonly engine: { readonly bytesWritten: number }
}

/**
 * A trip through the thread pool costs 47 us, inflating 100 metrics 14: what is this small is inflated at once. Deflate
 * makes at most 1032 bytes of one, so that 4 KiB hold the thread for some 10 ms at worst.
 */
const SMALL_BYTES = 4096

/** The largest window that a sender may ask for: 8 MiB, as RFC 9659 has it. */
const ZSTD_PARAMS = { [constants.ZSTD_d_windowLogMax]: 23 }

/** Several members, one behind the other, are read; other bytes behind them are an error of zlib's, zeros are padding. */
const gunzipBytes = whereSmall(
  (bytes, limitBytes) => gunzipSync(bytes, { maxOutputLength: limitBytes }),
  (bytes, limitBytes) => promisify(gunzip)(bytes, { maxOutputLength: limitBytes }),
)
const inflateZlib = whereSmall(readNow(inflateSync), readInPool(promisify(inflate)))
const inflateBare = whereSmall(readNow(inflateRawSync), readInPool(promisify(inflateRaw)))
/** A few bytes of brotli or zstd may become as much as the limit lets them: never at once. */
const unbrotli = readInPool(promisify(brotliDecompress))
const unzstd = readFrames(promisify(zstdDecompress))

function whereSmall(now: Inflate, inPool: Inflate): Inflate {
  return (bytes, limitBytes) => (bytes.length <= SMALL_BYTES ? now : inPool)(bytes, limitBytes)
}

/** Of a compression that ends by itself: what stands behind its end would be lost without a word. */
function readNow(decompress: DecompressNow): Inflate {
  return (bytes, limitBytes) =>
    requireWhole(decompress(bytes, { maxOutputLength: limitBytes, info: true }) as Inflated, bytes)
}

function readInPool(decompress: DecompressInPool): Inflate {
  return async (bytes, limitBytes) => {
    const inflated = await decompress(bytes, { maxOutputLength: limitBytes, info: true })
    return requireWhole(inflated as Inflated, bytes)
  }
}

/** What a zstd frame begins with: one with data, or one to be skipped (its first byte is any of sixteen). */
const ZSTD_FRAME = 0xfd2fb528
const ZSTD_SKIPPABLE = 0x184d2a50
/** Each takes a trip through the thread pool: what splits a body into frames of a megabyte, or a line each, has far fewer. */
const MAX_ZSTD_FRAMES = 1000

/** Several frames, one behind the other (RFC 8878): parallel compressors and appending writers make them. */
function readFrames(decompress: DecompressInPool): Inflate {
  return async (bytes, limitBytes) => {
    const parts: Buffer[] = []
    let [read, size] = [0, 0]
    do {
      const rest = bytes.subarray(read)
      if (parts.length === MAX_ZSTD_FRAMES) throw tooManyFrames()
      if (read > 0 && !beginsFrame(rest)) throw endsEarly(rest.length)
      // One byte more than may come, for none is not a limit that zlib takes.
      const options = { params: ZSTD_PARAMS, maxOutputLength: limitBytes - size + 1, info: true }
      const { buffer, engine } = (await decompress(rest, options)) as Inflated
      parts.push(buffer)
      read += engine.bytesWritten
      size += buffer.length
      if (size > limitBytes) throw tooLarge(limitBytes)
    } while (read < bytes.length)
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts, size)
  }
}

function beginsFrame(bytes: Buffer): boolean {
  if (bytes.length < 4) return false
  const magic = bytes.readUInt32LE()
  return magic === ZSTD_FRAME || (magic & 0xfffffff0) >>> 0 === ZSTD_SKIPPABLE
}

function tooManyFrames(): AppError {
  return new AppError('bad_encoding', 'The compressed body has too many frames', {
    field: 'content-encoding',
    expected: `at most ${MAX_ZSTD_FRAMES} frames of zstd`,
  })
}

/** @throws AppError bad_encoding */
function requireWhole({ buffer, engine }: Inflated, bytes: Buffer): Buffer {
  if (engine.bytesWritten === bytes.length) return buffer
  throw endsEarly(bytes.length - engine.bytesWritten)
}

function endsEarly(behindBytes: number): AppError {
  return new AppError('bad_encoding', `The compressed body ends ${behindBytes} bytes before the body does`, {
    field: 'content-encoding',
    expected: 'one compressed stream and nothing behind it; only gzip and zstd may have several',
  })
}

function tooLarge(limitBytes: number): AppError {
  return new AppError('body_too_large', `The body inflates to more than ${limitBytes} bytes`, {
    expected: `at most ${limitBytes} bytes`,
  })
}

/** `deflate` means zlib (RFC 9110), and yet some clients send it bare: the low bits of the first byte show which. */
const inflateEither: Inflate = (bytes, limitBytes) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateZlib(bytes, limitBytes) : inflateBare(bytes, limitBytes)

const INFLATERS: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', gunzipBytes],
  ['x-gzip', gunzipBytes],
  ['deflate', inflateEither],
  ['br', unbrotli],
  ['zstd', unzstd],
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
    const expected = [...more.keys(), 'gzip, deflate, br or zstd'].join(', ')
    const message = `The content encoding is not supported: send ${expected}, or none`
    throw new AppError('unsupported_encoding', message, { field: 'content-encoding', expected })
  }
  try {
    return await inflater(body, limitBytes)
  } catch (error) {
    throw describeInflateError(error, encoding, limitBytes)
  }
}

function describeInflateError(error: unknown, encoding: string, limitBytes: number): AppError {
  if (error instanceof AppError) return error
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(limitBytes)
  const details = { field: 'content-encoding' }
  return new AppError('bad_encoding', `The body is not valid ${encoding}`, details, error)
}
