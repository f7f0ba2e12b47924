/** The zone that times are shown and typed in: an IANA name; undefined is the browser's own. */
let chosen: string | undefined

const MINUTE_MS = 60_000

/** @returns undefined for the browser's own */
export function currentZone(): string | undefined {
  return chosen
}

/** Sets the zone of all times. What is drawn already stays as it is. @throws RangeError for a name that is not known */
export function setZone(zone: string | undefined): void {
  if (zone !== undefined) clockOf(zone)
  chosen = zone
}

/** The browser's own zone, e.g. `Europe/Berlin`. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The zones that the browser knows. */
export function knownZones(): readonly string[] {
  return Intl.supportedValuesOf('timeZone')
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  const two = '2-digit'
  const date = { year: 'numeric', month: two, day: two } as const
  const time = { hour: two, minute: two, second: two, hourCycle: 'h23' } as const
  const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'gregory', ...date, ...time })
  clocks.set(zone, clock)
  return clock
}

/** By how much clocks of the zone are ahead of UTC at a moment. */
export function zoneOffsetMs(timeMs: number): number {
  if (chosen === undefined) return -new Date(timeMs).getTimezoneOffset() * MINUTE_MS
  if (chosen === 'UTC') return 0
  const parts = clockOf(chosen).formatToParts(timeMs)
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)!.value)
  const wallMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return wallMs - Math.floor(timeMs / 1000) * 1000
}

/** A date whose UTC parts are what clocks of the zone show. */
export function wallClock(timeMs: number): Date {
  return new Date(timeMs + zoneOffsetMs(timeMs))
}

const WALL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?$/

/**
 * @param text what clocks of the zone show: `2026-01-31`, `2026-01-31T12:00` or `2026-01-31 12:00:05`
 * @returns milliseconds since 1970; NaN for anything else. Of an hour that clocks show twice, one of both
 */
export function parseWallClock(text: string): number {
  const match = WALL.exec(text.trim())
  if (!match) return Number.NaN
  const wallMs = Date.parse(`${match[1]}T${match[2] ?? '00:00'}Z`)
  if (Number.isNaN(wallMs)) return wallMs
  const guessMs = wallMs - zoneOffsetMs(wallMs)
  return wallMs - zoneOffsetMs(guessMs)
}

/** `2026-01-31T12:00`: as an input of the type `datetime-local` has it. */
export function toWallInput(timeMs: number): string {
  return wallClock(timeMs).toISOString().slice(0, 16)
}
