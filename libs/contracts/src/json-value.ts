declare global {
  interface JSON {
    /** A number that {@link JSON.stringify} writes as `text` says it. TypeScript does not know it yet. */
    rawJSON(text: string): ExactNumber
    isRawJSON(value: unknown): value is ExactNumber
  }
}

/**
 * A number that a double would change, with the text that it was read from. JSON.rawJSON makes it, and JSON.stringify
 * writes that text, so that it passes through everything that reads JSON and writes it again.
 */
export interface ExactNumber {
  readonly rawJSON: string
}

/** What is written as a number in JSON. */
export type JsonNumber = number | ExactNumber

/** What parseText of libs/json may return. */
export type JsonValue = string | JsonNumber | boolean | null | JsonValue[] | JsonObject

export interface JsonObject {
  [member: string]: JsonValue
}

/** @returns whether the value is a JSON object: neither null nor an array, and no number with its text */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
}

/** @returns whether the value is a number with its text */
export function isExactNumber(value: unknown): value is ExactNumber {
  return typeof value === 'object' && JSON.isRawJSON(value)
}
