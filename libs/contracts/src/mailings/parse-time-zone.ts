import { AppError } from '../app-error.ts'
import { LINKED_TIME_ZONES } from './linked-time-zones.ts'

const EXAMPLE = 'an IANA name such as Europe/Moscow'

/** Longer than every name. */
const MAX_CHARACTERS = 64

/** A sign before a digit. `Etc/GMT+3` is a name, if an odd one. */
const OFFSET = /^(?!etc\/).*[+\-\u2212]\d|^(z|msk)$/i

/** Names that were asked for and what they mean; Intl takes longer than a row of an import may. */
const known = new Map<string, string | undefined>()

const MAX_KNOWN = 4096

/** Names as they are written, by their lower case. */
const written = new Map(
  [...LINKED_TIME_ZONES, ...Intl.supportedValuesOf('timeZone')].map((name) => [name.toLowerCase(), name]),
)

/**
 * An IANA time zone under the name that it was given, in the case in which that is written: `europe/kyiv` is `Europe/Kyiv`,
 * though runtimes call the zone `Europe/Kiev`. What finds clients by their zone looks for {@link timeZoneNames}.
 *
 * @throws AppError invalid_field; offsets are none: they know no daylight saving time
 */
export function parseTimeZone(text: string, field = '/timeZone'): string {
  let name = known.get(text)
  if (name === undefined && !known.has(text)) {
    name = nameOf(text)
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(text, name)
  }
  if (name !== undefined) return name
  const message = OFFSET.test(text.slice(0, MAX_CHARACTERS))
    ? 'An offset is no time zone, for it does not say when clocks change: name the place'
    : 'There is no such time zone'
  throw new AppError('invalid_field', message, { field, expected: EXAMPLE })
}

/** @returns undefined where the runtime has no such zone */
function nameOf(text: string): string | undefined {
  const canonical = canonicalise(text)
  return canonical === undefined ? undefined : (written.get(text.toLowerCase()) ?? canonical)
}

function canonicalise(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS || OFFSET.test(text)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

let namesByZone: ReadonlyMap<string, readonly string[]> | undefined

/** @param name as {@link parseTimeZone} returns it @returns all names of its zone, itself among them */
export function timeZoneNames(name: string): readonly string[] {
  namesByZone ??= groupNames()
  return namesByZone.get(canonicalise(name) ?? name) ?? [name]
}

function groupNames(): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const name of written.values()) {
    const zone = canonicalise(name)
    if (zone !== undefined) groups.set(zone, [...(groups.get(zone) ?? []), name])
  }
  return groups
}
