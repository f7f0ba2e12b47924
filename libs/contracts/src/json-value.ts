/** What JSON.parse may return. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject

export interface JsonObject {
  [member: string]: JsonValue
}

/** @returns whether the value is a JSON object: neither null nor an array */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
