import { isExactNumber, type JsonValue } from '@runnel/contracts'

/** Numbers of more digits before the point are milliseconds or finer: those are read as they stand. */
const SECONDS = /^(\d{1,11})(?:\.(\d+))?$/

const MAX_DECIMALS = 9

/**
 * Seconds since 1970 as protocols have them, as a number or as text, with the decimals that were sent: up to nine.
 *
 * @returns RFC 3339; what was sent where it is no such number, for the reader of all times to judge
 */
export function timeOfSeconds(sent: JsonValue): JsonValue {
  const text = textOf(sent)
  const match = text === undefined ? null : SECONDS.exec(text)
  if (!match) return sent
  const second = new Date(Number(match[1]) * 1000).toISOString().slice(0, 19)
  const decimals = (match[2] ?? '').slice(0, MAX_DECIMALS)
  return decimals === '' ? `${second}Z` : `${second}.${decimals}Z`
}

function textOf(sent: JsonValue): string | undefined {
  if (isExactNumber(sent)) return sent.rawJSON
  return typeof sent === 'number' || typeof sent === 'string' ? String(sent) : undefined
}
