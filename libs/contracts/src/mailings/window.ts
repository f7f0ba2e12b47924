/**
 * Times of day between which a mailing may be sent, by the client's own clock, in minutes since midnight: `from` belongs
 * to the window, `to` does not. It crosses midnight where `to` is less than `from`; the two are never equal.
 */
export interface LocalWindow {
  readonly from: number
  readonly to: number
}

/** HH:MM, from 00:00 to 23:59. */
export const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/

/** @param text fits {@link TIME_OF_DAY} @returns minutes since midnight */
export function parseTimeOfDay(text: string): number {
  const [, hours, minutes] = TIME_OF_DAY.exec(text) ?? []
  return Number(hours) * 60 + Number(minutes)
}

/** @param minute since midnight @returns HH:MM */
export function formatTimeOfDay(minute: number): string {
  const digits = (n: number) => String(n).padStart(2, '0')
  return `${digits(Math.floor(minute / 60))}:${digits(minute % 60)}`
}
