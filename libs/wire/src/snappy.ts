import { AppError } from '@runnel/contracts'
import snappy from 'snappyjs'
import { findSnappyProblem } from './find-snappy-problem.ts'

/** The header is the length as a varint of at most five bytes. */
const MAX_HEADER_BYTES = 5

/**
 * Undoes snappy's block format, as Prometheus and Loki's clients send it (not the framed format).
 *
 * @param limitBytes compared with the length that the header names, before anything is inflated
 * @throws AppError body_too_large | bad_encoding
 */
export function inflateSnappy(bytes: Buffer, limitBytes: number): Buffer {
  const { length, headerBytes } = readHeader(bytes)
  if (length > limitBytes) {
    throw new AppError('body_too_large', `The inflated body is larger than ${limitBytes} bytes`, {
      expected: `at most ${limitBytes} bytes`,
    })
  }
  const problem = findSnappyProblem(bytes, headerBytes, length)
  if (problem !== undefined) throw notSnappy(problem)
  try {
    return snappy.uncompress(bytes)
  } catch (error) {
    throw notSnappy('it cannot be inflated', error)
  }
}

/** Compresses into snappy's block format. */
export function deflateSnappy(bytes: Buffer): Buffer {
  return snappy.compress(bytes)
}

interface Header {
  /** Of what the block inflates to. */
  readonly length: number
  readonly headerBytes: number
}

function readHeader(bytes: Buffer): Header {
  let length = 0
  for (let i = 0; i < MAX_HEADER_BYTES && i < bytes.length; i++) {
    const byte = bytes[i]!
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { length, headerBytes: i + 1 }
  }
  throw notSnappy('it does not begin with a length')
}

function notSnappy(why: string, cause?: unknown): AppError {
  return new AppError(
    'bad_encoding',
    `The body is no snappy block: ${why}`,
    { field: 'content-encoding', expected: 'snappy, block format' },
    cause,
  )
}
