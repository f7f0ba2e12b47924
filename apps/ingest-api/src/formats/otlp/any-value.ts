import type { JsonObject, JsonValue } from '@runnel/contracts'
import { setMember } from '@runnel/json'
import type { AnyValue, KeyValue } from '@runnel/wire/opentelemetry/common/v1/common'

/**
 * A value of OTLP as JSON: texts, booleans, lists and objects as they are, bytes as base64, null where nothing is set. Integers beyond
 * 2^53 and doubles that are not finite become texts: JSON has no form for them that every reader knows.
 */
export function toJson(any: AnyValue | undefined): JsonValue {
  const value = any?.value
  switch (value?.case) {
    case 'stringValue':
    case 'boolValue':
      return value.value
    case 'intValue':
      return integerToJson(value.value)
    case 'doubleValue':
      return doubleToJson(value.value)
    case 'arrayValue':
      return value.value.values.map(toJson)
    case 'kvlistValue':
      return toObject(value.value.values)
    case 'bytesValue':
      return Buffer.from(value.value.buffer, value.value.byteOffset, value.value.length).toString('base64')
    default:
      return null
  }
}

/** Attributes as an object; of several with the same key the last one counts. */
export function toObject(attributes: readonly KeyValue[]): JsonObject {
  const object: JsonObject = {}
  for (const { key, value } of attributes) setMember(object, key, toJson(value))
  return object
}

/** @returns a number, or its digits where a double would change them */
export function integerToJson(integer: bigint): number | string {
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : integer.toString()
}

/** @returns a number, or NaN, Infinity, -Infinity as a text */
export function doubleToJson(double: number): number | string {
  return Number.isFinite(double) ? double : String(double)
}
