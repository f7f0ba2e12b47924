import { mayHoldBadText } from '@runnel/json'
import { toPiece, type ByteWriter } from '../shared/byte-writer.ts'
import { putTimeOfHalves } from '../shared/time-of-nanos.ts'
import type { AttributeNames } from './attribute-names.ts'
import { NOT_PLAIN, type PlainFields } from './plain-fields.ts'
import { writePlainDouble } from './plain-json.ts'

/** Tags of the fields of KeyValue and AnyValue. */
const KEY = 0x0a
const VALUE = 0x12
const STRING = 0x0a
const BOOL = 0x10
const INT = 0x18
const DOUBLE = 0x21

const QUOTE = 0x22
const TRUE = toPiece('true')
const FALSE = toPiece('false')

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * What a byte of a record comes to at most: a control becomes six characters, a name the beginning of a member, seven bits of an integer
 * three digits.
 */
export const MAX_GROWTH = 6

/** A text as JSON, as JSON.stringify writes it. @throws NOT_PLAIN where admission may have something to say about it; TypeError where it is no UTF-8 */
export function putString(out: ByteWriter, bytes: Uint8Array, from: number, to: number): void {
  const start = out.at
  out.putByte(QUOTE)
  if (out.putPlain(bytes, from, to)) return out.putByte(QUOTE)
  out.at = start
  const json = JSON.stringify(decoder.decode(bytes.subarray(from, to)))
  if (mayHoldBadText(json)) throw NOT_PLAIN
  out.putText(json)
}

/** A text of RFC 3339 in its quotes. */
export function putTime(out: ByteWriter, low: number, high: number): void {
  out.putByte(QUOTE)
  putTimeOfHalves(out, low, high)
  out.putByte(QUOTE)
}

/**
 * Writes the next attribute as a member with a comma before it.
 *
 * @returns the names so far
 * @throws NOT_PLAIN of one whose name is no ordinary one, or whose value is no plain scalar
 */
export function putAttribute(out: ByteWriter, fields: PlainFields, before: AttributeNames): AttributeNames {
  const end = fields.endOfBytes()
  if (fields.tag() !== KEY) throw NOT_PLAIN
  const nameEnd = fields.endOfBytes()
  const names = before.withBytes(fields.bytes, fields.at, nameEnd)
  fields.at = nameEnd
  if (!names.areOrdinary || fields.tag() !== VALUE) throw NOT_PLAIN
  if (fields.endOfBytes() !== end) throw NOT_PLAIN
  out.put(names.memberBytes)
  putScalar(out, fields)
  if (fields.at !== end) throw NOT_PLAIN
  return names
}

/** The only field of an AnyValue, as scalarJson writes it. */
function putScalar(out: ByteWriter, fields: PlainFields): void {
  switch (fields.tag()) {
    case STRING: {
      const end = fields.endOfBytes()
      putString(out, fields.bytes, fields.at, end)
      fields.at = end
      return
    }
    case INT:
      return out.putInteger(fields.integer())
    case BOOL:
      return out.put(fields.integer() === 0 ? FALSE : TRUE)
    case DOUBLE: {
      const json = writePlainDouble(fields.double())
      if (json === undefined) throw NOT_PLAIN
      return out.putText(json)
    }
    default:
      throw NOT_PLAIN
  }
}
