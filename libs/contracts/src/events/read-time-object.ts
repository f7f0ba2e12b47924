import { toDouble } from '../decimal.ts'
import { isExactNumber, type JsonObject, type JsonValue } from '../json-value.ts'
import { LAST_TIME_MS } from './parse-timestamp.ts'

/** Names of seconds since 1970 and of the nanoseconds behind them: Log4j, and Timestamp of Protocol Buffers. */
const FORMS = [
  ['epochSecond', 'nanoOfSecond'],
  ['seconds', 'nanos'],
] as const

/** Where a Timestamp ends too. */
const MAX_SECONDS = Math.floor(LAST_TIME_MS / 1000)

/**
 * A time as an object: `{"epochSecond":1796015790,"nanoOfSecond":501000000}` or `{"seconds":"1796015790","nanos":5}`.
 *
 * @returns milliseconds since 1970, the rest of them cut off; undefined where it is no time
 */
export function readTimeObject(value: JsonObject): number | undefined {
  for (const [secondsName, nanosName] of FORMS) {
    const [seconds, nanos] = [toWhole(value[secondsName]), toWhole(value[nanosName] ?? 0)]
    if (seconds === undefined || nanos === undefined) continue
    if (Math.abs(seconds) > MAX_SECONDS || nanos < 0 || nanos >= 1e9) continue
    return seconds * 1000 + Math.floor(nanos / 1e6)
  }
  return undefined
}

/** 64-bit integers are text in the JSON of Protocol Buffers. */
function toWhole(value: JsonValue | undefined): number | undefined {
  const number =
    typeof value === 'string' && /^-?\d{1,15}$/.test(value)
      ? Number(value)
      : isExactNumber(value)
        ? toDouble(value)
        : value
  return Number.isSafeInteger(number) ? (number as number) : undefined
}
