import type { AppError } from '@runnel/contracts'
import type { RejectedItem } from './wire-format.ts'

/** @returns a refused item of a batch. @param index the client's number of it */
export function describeRejection(
  index: number,
  { code, message, details: { field } }: AppError,
): RejectedItem {
  return { index, code, message, ...(field !== undefined && { field }) }
}
