import { AppError } from '@runnel/contracts'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib'

type Inflate = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>

const gunzipBytes: Inflate = promisify(gunzip)
const inflateZlib: Inflate = promisify(inflate)
const inflateBare: Inflate = promisify(inflateRaw)
const unbrotli = promisify(brotliDecompress) as Inflate

/** `deflate` means zlib (RFC 9110), and yet some clients send it bare: the low bits of the first byte tell. */
const inflateEither: Inflate = (bytes, options) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateZlib(bytes, options) : inflateBare(bytes, options)

const INFLATERS: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', gunzipBytes],
  ['x-gzip', gunzipBytes],
  ['deflate', inflateEither],
  ['br', unbrotli],
])

/**
 * Undoes a Content-Encoding, in the thread pool. Inflating stops at the limit: a small body cannot become a large one.
 *
 * @param encoding in lower case
 * @throws AppError unsupported_encoding | body_too_large | bad_encoding
 */
export async function inflateBody(body: Buffer, encoding: string, limitBytes: number): Promise<Buffer> {
  const inflater = INFLATERS.get(encoding)
  if (!inflater) {
    throw new AppError('unsupported_encoding', 'The content encoding is not understood', {
      field: 'content-encoding',
      expected: 'gzip, deflate or br',
    })
  }
  try {
    return await inflater(body, { maxOutputLength: limitBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new AppError('body_too_large', `The body inflates to more than ${limitBytes} bytes`, {
        expected: `at most ${limitBytes} bytes`,
      })
    }
    throw new AppError(
      'bad_encoding',
      `The body is not valid ${encoding}`,
      { field: 'content-encoding' },
      error,
    )
  }
}
