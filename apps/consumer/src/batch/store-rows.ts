import { classifyFailure, type EventRow } from '@runnel/repositories'
import { setTimeout as sleep } from 'node:timers/promises'
import { retryTransient, type RetryOptions } from './retry-transient.ts'

export interface StoreRowsOptions<R, Result> extends RetryOptions {
  /** One transaction: all or nothing. */
  readonly store: (rows: readonly R[]) => Promise<Result>
  /** Makes sure that the rows' day partitions exist. */
  readonly ensurePartitions: (rows: readonly R[]) => Promise<void>
}

export interface StoredRows<R, Result> {
  /** One for each transaction that was needed. */
  readonly results: readonly Result[]
  readonly poison: readonly { readonly row: R; readonly reason: string }[]
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
): Promise<StoredRows<R, Result>> {
  const results: Result[] = []
  const poison: { row: R; reason: string }[] = []
  const pending: (readonly R[])[] = rows.length > 0 ? [rows] : []
  for (let part = pending.pop(); part; part = pending.pop()) {
    const outcome = await storePart(part, options)
    if ('result' in outcome) results.push(outcome.result)
    else if (part.length === 1) poison.push({ row: part[0]!, reason: describe(outcome.error) })
    else {
      const middle = part.length >> 1
      pending.push(part.slice(middle), part.slice(0, middle))
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
