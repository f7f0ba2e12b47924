import { classifyFailure } from '@runnel/repositories-database'
import type { EventRow } from '@runnel/repositories-events'
import { setTimeout as sleep } from 'node:timers/promises'
import { retryTransient, type RetryOptions } from './retry-transient.ts'

export interface StoreRowsOptions<R, Result> extends RetryOptions {
  /** One transaction: all or nothing. */
  readonly store: (rows: readonly R[]) => Promise<Result>
  /** Makes sure that the rows' day partitions exist. */
  readonly ensurePartitions: (rows: readonly R[]) => Promise<void>
}

export interface StoredRows<Result> {
  /** One for each transaction that was needed. */
  readonly results: readonly Result[]
  /** By their places among the rows. */
  readonly poison: readonly { readonly index: number; readonly reason: string }[]
}

/**
 * Stores rows, however bad some of them and however long the database is away. Poison is found by bisecting: halves go
 * into transactions of their own, so that one bad row among n costs about 2 log2(n) of them.
 *
 * @throws AbortError when the signal aborts; what was stored by then is recognised at the redelivery
 */
export async function storeRows<R extends EventRow, Result>(
  rows: readonly R[],
  options: StoreRowsOptions<R, Result>,
): Promise<StoredRows<Result>> {
  const results: Result[] = []
  const poison: { index: number; reason: string }[] = []
  const pending = rows.length > 0 ? [{ from: 0, part: rows }] : []
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { from, part } = next
    const outcome = await storePart(part, options)
    if ('result' in outcome) results.push(outcome.result)
    else if (part.length === 1) poison.push({ index: from, reason: describe(outcome.error) })
    else {
      const middle = part.length >> 1
      pending.push({ from: from + middle, part: part.slice(middle) }, { from, part: part.slice(0, middle) })
    }
  }
  return { results, poison }
}

/** @returns the error when the rows as a whole can never be stored */
async function storePart<R extends EventRow, Result>(
  rows: readonly R[],
  options: StoreRowsOptions<R, Result>,
): Promise<{ result: Result } | { error: unknown }> {
  for (;;) {
    try {
      return { result: await retryTransient(() => options.store(rows), options) }
    } catch (error) {
      const failure = classifyFailure(error)
      if (options.signal.aborted || failure === 'transient') throw error
      if (failure === 'data') return { error }
      await retryTransient(() => options.ensurePartitions(rows), options)
      options.onRetry(error)
      // Retention may remove a day while we add it: no busy loop then.
      await sleep(1, undefined, { signal: options.signal })
    }
  }
}

function describe(error: unknown): string {
  const { code, message } = error as Error & { code?: string }
  return code === undefined ? message : `${code}: ${message}`
}
