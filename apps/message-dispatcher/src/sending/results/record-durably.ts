import { classifyFailure } from '@runnel/repositories-database'
import type { SendRecord } from '@runnel/repositories-mailings'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineDeps } from '../engine-deps.ts'
import type { Work } from '../leases/work.ts'

type RecordDeps = Pick<EngineDeps, 'log' | 'store' | 'clock' | 'options' | 'onRecorded'>

export interface UnrecordedResult {
  readonly work: Work
  readonly record: SendRecord
}

export interface RecordOptions {
  /** The slot of the statistics to count in. */
  readonly slot: number
  /** Whether to stop waiting for the database. */
  readonly hasGivenUp: () => boolean
}

/**
 * Records results however long the database is unreachable: they are facts. A result that the database cannot store is found
 * by bisecting; only the texts of its attempt can be the cause, so it is recorded without the attempt.
 *
 * @throws what the database throws, once `hasGivenUp`
 */
export async function recordDurably(
  deps: RecordDeps,
  results: readonly UnrecordedResult[],
  options: RecordOptions,
): Promise<void> {
  const poison = await tryUntilTaken(deps, results, options)
  if (poison === undefined) return
  if (results.length > 1) {
    const middle = results.length >> 1
    await recordDurably(deps, results.slice(0, middle), options)
    return recordDurably(deps, results.slice(middle), options)
  }
  const [{ work, record }] = results as [UnrecordedResult]
  const { attempt, ...withoutAttempt } = record
  const { mailingId, messageId } = record
  deps.log.error(
    { err: poison, mailingId, messageId, attempt },
    'a result cannot be stored; it is recorded without its attempt',
  )
  if (attempt) return recordDurably(deps, [{ work, record: withoutAttempt }], options)
}

/** @returns the error where these results as a whole can never be stored */
async function tryUntilTaken(
  { log, store, clock, options, onRecorded }: RecordDeps,
  results: readonly UnrecordedResult[],
  { slot, hasGivenUp }: RecordOptions,
): Promise<unknown> {
  const records = results.map(({ record }) => record)
  for (;;) {
    try {
      const applied = await store.recordResults(records, { nowMs: clock.nowMs(), slot })
      onRecorded?.(applied)
      return undefined
    } catch (error) {
      const failure = classifyFailure(error)
      if (failure === 'data') return error
      if (hasGivenUp()) throw error
      log.warn({ err: error, results: results.length }, 'results cannot be recorded yet; trying again')
      if (failure === 'missing_partition') {
        const days = records.flatMap(({ attempt }) => attempt?.startedAtMs ?? [])
        await store.ensurePartitions(days).catch(() => undefined)
      }
      await sleep(failure === 'missing_partition' ? 1 : options.retryDelayMs)
    }
  }
}
