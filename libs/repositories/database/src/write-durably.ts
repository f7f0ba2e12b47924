import { pause } from '@runnel/runtime'
import { classifyFailure } from './database-errors.ts'

export interface DurableOptions {
  /** Between two attempts while the database is unreachable. */
  readonly retryDelayMs: number
  /** Ends a wait between two attempts early. */
  readonly signal?: AbortSignal
  /** Called after each attempt that can be repeated; what it throws ends the work instead. */
  readonly onFailure: (error: unknown) => void
}

export interface DurableWrite<Row, Result> extends DurableOptions {
  /** One transaction: all or nothing. */
  readonly write: (rows: readonly Row[]) => Promise<Result>
  /** Makes sure that the rows' day partitions exist. */
  readonly ensurePartitions: (rows: readonly Row[]) => Promise<void>
}

export interface DurablyWritten<Result> {
  /** One for each transaction that was needed. */
  readonly results: readonly Result[]
  /** Rows that the database can never store, by their places among the rows. */
  readonly poison: readonly { readonly index: number; readonly error: unknown }[]
}

/**
 * Writes rows, however bad some of them and however long the database is unreachable. Poison is found by bisecting: halves go
 * into transactions of their own, so that one bad row among n costs about 2 log2(n) of them. A missing day partition is created.
 *
 * A process may die at any point, and a failed attempt may have taken effect: `write` has to be repeatable.
 *
 * @throws what `onFailure` throws; some of the rows may be stored by then
 */
export async function writeDurably<Row, Result>(
  rows: readonly Row[],
  options: DurableWrite<Row, Result>,
): Promise<DurablyWritten<Result>> {
  const results: Result[] = []
  const poison: { index: number; error: unknown }[] = []
  const pending = rows.length > 0 ? [{ from: 0, part: rows }] : []
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { from, part } = next
    const outcome = await writePart(part, options)
    if ('result' in outcome) results.push(outcome.result)
    else if (part.length === 1) poison.push({ index: from, error: outcome.error })
    else {
      const middle = part.length >> 1
      pending.push({ from: from + middle, part: part.slice(middle) }, { from, part: part.slice(0, middle) })
    }
  }
  return { results, poison }
}

/**
 * Repeats work until the database takes it, however long it is unreachable. Trouble uses up no attempts: there are none to use up.
 *
 * @throws what `onFailure` throws
 * @throws the error of `work` where that is not transient: waiting would not help
 */
export async function retryTransient<T>(work: () => Promise<T>, options: DurableOptions): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (classifyFailure(error) !== 'transient') throw error
      options.onFailure(error)
    }
    await pause(options.retryDelayMs, options.signal)
  }
}

/** @returns the error when the rows as a whole can never be stored */
async function writePart<Row, Result>(
  rows: readonly Row[],
  options: DurableWrite<Row, Result>,
): Promise<{ result: Result } | { error: unknown }> {
  for (;;) {
    try {
      return { result: await retryTransient(() => options.write(rows), options) }
    } catch (error) {
      const failure = classifyFailure(error)
      if (failure === 'transient') throw error
      if (failure === 'data') return { error }
      options.onFailure(error)
      await pause(await addPartitions(rows, options), options.signal)
    }
  }
}

/**
 * A failure is no verdict on the rows, whatever its class: the write is tried again, and says what is still missing.
 *
 * @returns milliseconds to wait before that
 */
async function addPartitions<Row, Result>(
  rows: readonly Row[],
  options: DurableWrite<Row, Result>,
): Promise<number> {
  try {
    await options.ensurePartitions(rows)
    // Retention may remove a day while it is added: no busy loop then.
    return 1
  } catch (error) {
    options.onFailure(error)
    return options.retryDelayMs
  }
}
