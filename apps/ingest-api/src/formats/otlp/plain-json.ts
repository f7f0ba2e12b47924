import { checkJson, mayHoldBadText } from '@runnel/json'
import type { JsonValue } from '@runnel/contracts'
import type { AnyValue } from '@runnel/wire/opentelemetry/common/v1/common'
import { integerToJson, toJson } from './any-value.ts'

/** JSON, and whether admission would have nothing to say about it: see `plain` of DecodedBody. */
export interface WrittenJson {
  readonly json: string
  readonly isPlain: boolean
}

/** PostgreSQL writes such a number out. */
const EXPONENT = /\de/

/** Of a value that stands two levels deep in its event. */
export function writeJson(value: JsonValue): WrittenJson {
  const json = JSON.stringify(value)
  return { json, isPlain: !EXPONENT.test(json) && passesCheck(value) }
}

function passesCheck(value: JsonValue): boolean {
  try {
    checkJson([[value]])
    return true
  } catch {
    return false
  }
}

/** @param json of a text. @returns whether PostgreSQL takes it */
export function isPlainText(json: string, { length }: string): boolean {
  // No longer than the text with its quotes: it has no escapes.
  return json.length === length + 2 || !mayHoldBadText(json)
}

/** From where to where numbers are written without an exponent. */
const [LEAST, GREATEST] = [1e-6, 1e21]

/** @returns the JSON of `toJson` where that is plain and holds no other values; undefined for all else */
export function scalarJson(any: AnyValue | undefined): string | undefined {
  const value = any?.value
  switch (value?.case) {
    case 'stringValue': {
      const json = JSON.stringify(value.value)
      return isPlainText(json, value.value) ? json : undefined
    }
    case 'intValue': {
      const integer = integerToJson(value.value)
      return typeof integer === 'number' ? `${integer}` : `"${integer}"`
    }
    case 'doubleValue':
      return writePlainDouble(value.value)
    case 'arrayValue':
    case 'kvlistValue':
      return undefined
    default:
      return JSON.stringify(toJson(any))
  }
}

/** @returns undefined where the number would not be written out without an exponent */
export function writePlainDouble(double: number): string | undefined {
  const size = Math.abs(double)
  return size >= LEAST && size < GREATEST ? `${double}` : undefined
}
