import { ScalarType } from '@bufbuild/protobuf'
import { AppError, isExactNumber, type JsonValue } from '@runnel/contracts'

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n
const MAX_UINT64 = 2n ** 64n - 1n
const MIN_INT32 = -(2 ** 31)
const MAX_INT32 = 2 ** 31 - 1
const MAX_UINT32 = 2 ** 32 - 1

type ReadScalar = (value: JsonValue) => unknown

const signed64: ReadScalar = (value) => readInt64(value, MIN_INT64, MAX_INT64)
const unsigned64: ReadScalar = (value) => readInt64(value, 0n, MAX_UINT64)
const signed32: ReadScalar = (value) => readInt32(value, MIN_INT32, MAX_INT32)
const unsigned32: ReadScalar = (value) => readInt32(value, 0, MAX_UINT32)
const text = { read: (value: JsonValue) => (typeof value === 'string' ? value : undefined), expected: 'text' }

/** How each type is read (undefined for an invalid value), and what was expected. */
const SCALARS: Readonly<Record<ScalarType, { readonly read: ReadScalar; readonly expected: string }>> = {
  [ScalarType.STRING]: text,
  [ScalarType.BOOL]: {
    read: (value) => (typeof value === 'boolean' ? value : undefined),
    expected: 'true or false',
  },
  [ScalarType.BYTES]: { read: readBase64, expected: 'base64' },
  [ScalarType.DOUBLE]: { read: readDouble, expected: 'a number' },
  [ScalarType.FLOAT]: { read: readDouble, expected: 'a number' },
  [ScalarType.INT64]: { read: signed64, expected: 'a 64-bit integer' },
  [ScalarType.SINT64]: { read: signed64, expected: 'a 64-bit integer' },
  [ScalarType.SFIXED64]: { read: signed64, expected: 'a 64-bit integer' },
  [ScalarType.UINT64]: { read: unsigned64, expected: 'a 64-bit integer from 0' },
  [ScalarType.FIXED64]: { read: unsigned64, expected: 'a 64-bit integer from 0' },
  [ScalarType.INT32]: { read: signed32, expected: 'a 32-bit integer' },
  [ScalarType.SINT32]: { read: signed32, expected: 'a 32-bit integer' },
  [ScalarType.SFIXED32]: { read: signed32, expected: 'a 32-bit integer' },
  [ScalarType.UINT32]: { read: unsigned32, expected: 'a 32-bit integer from 0' },
  [ScalarType.FIXED32]: { read: unsigned32, expected: 'a 32-bit integer from 0' },
}

/**
 * A value of a field from JSON. Numbers may be texts.
 *
 * @param name of the member, for the error
 * @throws AppError invalid_field
 */
export function readScalar(type: ScalarType, value: JsonValue, name: string): unknown {
  const { read, expected } = SCALARS[type]
  const scalar = read(value)
  if (scalar !== undefined) return scalar
  throw new AppError('invalid_field', `${name} is not ${expected}`, { field: name, expected })
}

function readInt64(value: JsonValue, least: bigint, most: bigint): bigint | undefined {
  const digits = digitsOf(value)
  if (digits === undefined) return undefined
  const integer = BigInt(digits)
  return integer >= least && integer <= most ? integer : undefined
}

function readInt32(value: JsonValue, least: number, most: number): number | undefined {
  const integer = Number(digitsOf(value))
  return integer >= least && integer <= most ? integer : undefined
}

/** Far beyond 64 bits; BigInt takes its time for millions of digits. */
const MAX_INTEGER_CHARS = 40

/** An integer may be written as `5.0` or `5e3`: exactly where a double holds it. */
function digitsOf(value: JsonValue): string | undefined {
  const written = isExactNumber(value) ? value.rawJSON : typeof value === 'number' ? String(value) : value
  if (typeof written !== 'string' || written.length > MAX_INTEGER_CHARS) return undefined
  if (/^-?\d+$/.test(written)) return written
  if (!NUMBER.test(written)) return undefined
  const double = Number(written)
  return Number.isSafeInteger(double) ? String(double) : undefined
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN: NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
}

function readDouble(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value
  const written = isExactNumber(value) ? value.rawJSON : value
  if (typeof written !== 'string') return undefined
  if (Object.hasOwn(NOT_FINITE, written)) return NOT_FINITE[written]
  const double = NUMBER.test(written) ? Number(written) : NaN
  return Number.isFinite(double) ? double : undefined
}

/** Standard or for URLs, with padding or without. */
function readBase64(value: JsonValue): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) return undefined
  return Buffer.from(value, 'base64')
}
