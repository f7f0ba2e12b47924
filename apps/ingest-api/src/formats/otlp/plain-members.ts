import { mayHoldBadText } from '@runnel/json'
import type { FieldReader } from '@runnel/wire/field-reader'
import type { AttributeNames } from './attribute-names.ts'
import { writePlainDouble } from './plain-json.ts'

/** Tags of the fields of KeyValue and AnyValue. */
const KEY = 0x0a
const VALUE = 0x12
const STRING = 0x0a
const BOOL = 0x10
const INT = 0x18
const DOUBLE = 0x21

/** Attributes of a record, read from the bytes of KeyValue as members of JSON. */
export class PlainMembers {
  /** With commas before them. */
  text = ''
  #names: AttributeNames

  constructor(names: AttributeNames) {
    this.#names = names
  }

  /**
   * Reads the next attribute.
   *
   * @returns whether its name is an ordinary one and its value a plain scalar; else the record has to be read as a message
   * @throws Error of the reader
   */
  add(reader: FieldReader): boolean {
    const end = reader.uint32() + reader.pos
    if (reader.nextTag() !== KEY) return false
    const names = this.#names.with(reader.text())
    if (!names.areOrdinary || reader.nextTag() !== VALUE) return false
    const valueEnd = reader.uint32() + reader.pos
    const json = readPlainScalar(reader)
    if (json === undefined || reader.pos !== end || valueEnd !== end) return false
    this.#names = names
    this.text += names.member + json
    return true
  }
}

/** @returns the only field of an AnyValue, as scalarJson writes it; undefined for anything else, and for a text that is not plain */
function readPlainScalar(reader: FieldReader): string | undefined {
  switch (reader.nextTag()) {
    case STRING:
      return readPlainText(reader)
    case INT: {
      const integer = reader.shortInteger()
      return integer < 0 ? undefined : `${integer}`
    }
    case BOOL:
      return reader.bool() ? 'true' : 'false'
    case DOUBLE:
      return writePlainDouble(reader.double())
    default:
      return undefined
  }
}

/** Reads an AnyValue that is a text and no more. @returns as {@link readPlainText} does */
export function readPlainBody(reader: FieldReader): string | undefined {
  const end = reader.uint32() + reader.pos
  const json = reader.nextTag() === STRING ? readPlainText(reader) : undefined
  return reader.pos === end ? json : undefined
}

/** @returns JSON; undefined where admission may have something to say about the text */
export function readPlainText(reader: FieldReader): string | undefined {
  const json = reader.jsonText()
  return mayHoldBadText(json) ? undefined : json
}
