import { isExactNumber, isJsonObject, writeNumeric, type JsonValue } from '@runnel/contracts'

/**
 * A value as PostgreSQL writes it out of a jsonb column: shorter member names first, blanks behind colons and commas,
 * numbers in digits. So a search in JavaScript finds what the same search finds in SQL.
 */
export function jsonbText(value: JsonValue): string {
  if (typeof value === 'number' || isExactNumber(value)) return writeNumeric(value)
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .map((name) => ({ name, bytes: Buffer.from(name) }))
    .sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes))
    .map(({ name }) => `${JSON.stringify(name)}: ${jsonbText(value[name]!)}`)
  return `{${members.join(', ')}}`
}
