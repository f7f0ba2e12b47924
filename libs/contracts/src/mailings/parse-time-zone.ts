import { AppError } from '../app-error.ts'

const EXAMPLE = 'an IANA name such as Europe/Moscow'

/** Longer than every name. */
const MAX_CHARACTERS = 64

/** A sign before a digit. `Etc/GMT+3` is a name, if an odd one. */
const OFFSET = /^(?!etc\/).*[+\-\u2212]\d|^(z|msk)$/i

/** Names that were asked for and what they mean; Intl takes longer than a row of an import may. */
const known = new Map<string, string | undefined>()

const MAX_KNOWN = 4096

/**
 * An IANA time zone as the runtime writes it: in its own case, and with one name for zones that have several, so that
 * clients of one zone are found under one name.
 *
 * @throws AppError invalid_field; offsets are none: they know no daylight saving time
 */
export function parseTimeZone(text: string, field = '/timeZone'): string {
  let name = known.get(text)
  if (name === undefined && !known.has(text)) {
    name = canonicalise(text)
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(text, name)
  }
  if (name !== undefined) return name
  const message = OFFSET.test(text.slice(0, MAX_CHARACTERS))
    ? 'An offset is no time zone, for it does not say when clocks change: name the place'
    : 'There is no such time zone'
  throw new AppError('invalid_field', message, { field, expected: EXAMPLE })
}

function canonicalise(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS || OFFSET.test(text)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
