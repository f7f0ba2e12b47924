import { integerToJson } from './any-value.ts'

/** The members of a row that say a number, with commas before them: beyond 2^53 its digits as well. */
export function writeExact(integer: bigint): string {
  const number = integerToJson(integer)
  return typeof number === 'number' ? `,"value":${number}` : `,"value":${number},"exact":"${number}"`
}

/** JSON.stringify writes no zero with a sign. */
export function writeDouble(finite: number): string {
  return `,"value":${finite}`
}
