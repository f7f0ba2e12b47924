import type { WireFailure } from '../../wire-format.ts'

/**
 * For protocols whose clients keep a batch at 503 alone, and drop it, or end, at every other error: what passes is 503, and what only other
 * data can mend is 400.
 */
export function statusOfFailure({ status }: Pick<WireFailure, 'status'>): number {
  if (status === 429) return 503
  return status === 422 ? 400 : status
}
