const DAY_MS = 86_400_000
const PEAK_HOUR_UTC = 15

/**
 * How busy a day is at a time: from -1 in the small hours to 1 in the afternoon.
 *
 * @param atMs milliseconds since 1970
 */
export function dailyWave(atMs: number): number {
  const sincePeak = (atMs % DAY_MS) / DAY_MS - PEAK_HOUR_UTC / 24
  return Math.cos(2 * Math.PI * sincePeak)
}
