import { AppError } from '@runnel/contracts'
import type { Outcome } from './target.ts'

/** A parser has broken its contract. */
export class BrokenContractError extends Error {
  override readonly name = 'BrokenContractError'
}

/** @throws BrokenContractError */
export function ensure(holds: boolean, what: string): asserts holds {
  if (!holds) throw new BrokenContractError(what)
}

/** @throws BrokenContractError for an error that no parser may throw */
export function ensureDocumented(
  outcome: Outcome,
  isDocumented: (error: unknown) => boolean = isAppError,
): void {
  if ('value' in outcome || isDocumented(outcome.error)) return
  const { error } = outcome
  throw new BrokenContractError(`an unexpected error: ${(error as Error)?.stack ?? String(error)}`)
}

function isAppError(error: unknown): boolean {
  return error instanceof AppError && error.code !== 'internal'
}
