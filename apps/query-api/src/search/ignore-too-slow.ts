import { AppError } from '@runnel/contracts'

/** For a catch: what is too slow at once is looked at in slices. */
export function ignoreTooSlow(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'query_too_slow') return undefined
  throw error
}
