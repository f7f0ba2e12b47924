import { AppError } from '@runnel/contracts'
import snappy from 'snappyjs'

/** The header is the length as a varint of at most five bytes. */
const MAX_HEADER_BYTES = 5

/**
 * Undoes snappy's block format, as Prometheus and Loki's clients send it (not the framed format).
 *
 * @param limitBytes compared with the length that the header names, before anything is inflated
 * @throws AppError body_too_large | bad_encoding
 */
export function inflateSnappy(bytes: Buffer, limitBytes: number): Buffer {
  if (readLength(bytes) > limitBytes) {
    throw new AppError('body_too_large', `The inflated body is larger than ${limitBytes} bytes`, {
      expected: `at most ${limitBytes} bytes`,
    })
  }
  try {
    return snappy.uncompress(bytes)
  } catch (error) {
    throw notSnappy(error)
  }
}

/** Compresses into snappy's block format. */
export function deflateSnappy(bytes: Buffer): Buffer {
  return snappy.compress(bytes)
}

function readLength(bytes: Buffer): number {
  let length = 0
  for (let i = 0; i < MAX_HEADER_BYTES && i < bytes.length; i++) {
    const byte = bytes[i]!
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return length
  }
  throw notSnappy(undefined)
}

function notSnappy(cause: unknown): AppError {
  return new AppError(
    'bad_encoding',
    'The body is no snappy block',
    { field: 'content-encoding', expected: 'snappy, block format' },
    cause,
  )
}
