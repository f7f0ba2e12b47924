/** The reader's own zone. */
export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The zones that the browser knows. */
export function knownTimeZones(): readonly string[] {
  return Intl.supportedValuesOf('timeZone')
}
