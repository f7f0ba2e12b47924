import { isJsonObject, type JsonValue } from '@runnel/contracts'

/**
 * A value as PostgreSQL writes it out of a jsonb column: shorter member names first, blanks behind colons and commas,
 * numbers in digits. So a search in JavaScript finds what the same search finds in SQL.
 */
export function jsonbText(value: JsonValue): string {
  if (typeof value === 'number') return numericText(value)
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .map((name) => ({ name, bytes: Buffer.from(name) }))
    .sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes))
    .map(({ name }) => `${JSON.stringify(name)}: ${jsonbText(value[name]!)}`)
  return `{${members.join(', ')}}`
}

/** JavaScript writes large and small numbers with an exponent, numeric never does. */
function numericText(value: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(JSON.stringify(value))
  if (!match) return JSON.stringify(value)
  const [, sign = '', first = '', rest = '', exponent] = match
  const digits = first + rest
  const point = 1 + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}
