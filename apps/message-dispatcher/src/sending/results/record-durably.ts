import { writeDurably } from '@runnel/repositories-database'
import type { SendRecord } from '@runnel/repositories-mailings'
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
  /** Once aborted, the database is not waited for any more. */
  readonly lastCall: AbortSignal
}

/**
 * Records results however long the database is unreachable: they are facts. Where the database cannot store a result, only the
 * texts of its attempt can be the cause, so it is recorded without the attempt.
 *
 * @throws what the database throws, after the last call
 */
export async function recordDurably(
  deps: RecordDeps,
  results: readonly UnrecordedResult[],
  options: RecordOptions,
): Promise<void> {
  const poison = await recordAll(
    deps,
    results.map(({ record }) => record),
    options,
  )
  const withoutAttempt: SendRecord[] = []
  for (const { index, error } of poison) {
    const { attempt, ...record } = results[index]!.record
    const { mailingId, messageId } = record
    deps.log.error(
      { err: error, mailingId, messageId, attempt },
      'a result cannot be stored; it is recorded without its attempt',
    )
    if (attempt) withoutAttempt.push(record)
  }
  const lost = await recordAll(deps, withoutAttempt, options)
  for (const { index, error } of lost) {
    const { mailingId, messageId } = withoutAttempt[index]!
    deps.log.error(
      { err: error, mailingId, messageId },
      'a result cannot be stored without its attempt either',
    )
  }
}

/** @returns the records that can never be stored */
async function recordAll(
  { log, store, clock, options: { retryDelayMs }, onRecorded }: RecordDeps,
  records: readonly SendRecord[],
  { slot, lastCall }: RecordOptions,
): Promise<readonly { readonly index: number; readonly error: unknown }[]> {
  const { poison } = await writeDurably(records, {
    retryDelayMs,
    signal: lastCall,
    write: async (part) => {
      const applied = await store.recordResults(part, { nowMs: clock.nowMs(), slot })
      onRecorded?.(applied, part)
    },
    ensurePartitions: (part) =>
      store.ensurePartitions(part.flatMap(({ attempt }) => attempt?.startedAtMs ?? [])),
    onFailure: (error) => {
      if (lastCall.aborted) throw error
      log.warn({ err: error, results: records.length }, 'results cannot be recorded yet; trying again')
    },
  })
  return poison
}
