import { parseTimestamp } from '@runnel/contracts'
import { Type } from 'typebox'

/** A time with its zone, as a parameter of a request that may be left out. */
export const TimeParameter = (description: string) =>
  Type.Optional(
    Type.String({ timestamp: true, zoned: true, maxLength: 40, description: `${description}: RFC 3339` }),
  )

/** @returns milliseconds since 1970; the schema has refused anything that is no time */
export function timeParameterMs(time: string | undefined): number | undefined {
  return time === undefined ? undefined : parseTimestamp(time)
}
