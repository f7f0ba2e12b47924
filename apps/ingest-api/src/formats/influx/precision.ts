import { writeEpoch } from '../shared/write-epoch.ts'

/** The unit of the times of a request, as decimals of a second; `auto`: by their size; `minute` and `hour` of the first version. */
export type Precision = 0 | 3 | 6 | 9 | 'auto' | 'minute' | 'hour'

/** In all spellings that the versions of InfluxDB have. */
const PRECISIONS: ReadonlyMap<string, Precision> = new Map<string, Precision>([
  ...['ns', 'n', 'nanosecond'].map((name) => [name, 9] as const),
  ...['us', 'u', 'µ', 'µs', 'microsecond'].map((name) => [name, 6] as const),
  ...['ms', 'millisecond'].map((name) => [name, 3] as const),
  ...['s', 'second'].map((name) => [name, 0] as const),
  ['auto', 'auto'],
  ['m', 'minute'],
  ['h', 'hour'],
])

/** @returns undefined for a text that names none */
export function parsePrecision(name: string): Precision | undefined {
  return PRECISIONS.get(name)
}

const SECONDS = { minute: 60n, hour: 3600n } as const

/** Seconds, milliseconds and microseconds are below this many; as InfluxDB 3 guesses. */
const GUESSES = [
  [5_000_000_000n, 0],
  [5_000_000_000_000n, 3],
  [5_000_000_000_000_000n, 6],
] as const

/**
 * @param digits a whole number
 * @returns RFC 3339 with the decimals of its unit; empty where it is no time from year 1 to 9999
 */
export function toTime(digits: string, precision: Precision): string {
  const number = BigInt(digits)
  if (precision === 'minute' || precision === 'hour') return writeEpoch(number * SECONDS[precision], 0)
  return writeEpoch(number, precision === 'auto' ? guess(number) : precision)
}

function guess(number: bigint): 0 | 3 | 6 | 9 {
  const size = number < 0n ? -number : number
  return GUESSES.find(([below]) => size < below)?.[1] ?? 9
}
