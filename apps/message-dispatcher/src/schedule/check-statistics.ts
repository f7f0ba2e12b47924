import { findMismatches, repairStatistics } from '@runnel/repositories-mailings'
import type { TaskDeps } from './schedule-deps.ts'

/** Mismatches that are logged, at most. */
const MAX_LOGGED = 10

/** Compares the statistics of a mailing with its messages. A difference is a defect, and is repaired. */
export async function checkStatistics(
  { database, log, counts }: Pick<TaskDeps, 'database' | 'log' | 'counts'>,
  mailingId: number,
): Promise<void> {
  if ((await findMismatches(database, mailingId)).length === 0) return
  const repaired = await repairStatistics(database, mailingId)
  if (repaired.length === 0) return
  counts.mismatches(repaired.length)
  log.error(
    { mailingId, count: repaired.length, mismatches: repaired.slice(0, MAX_LOGGED) },
    'statistics differed from the messages and were repaired',
  )
}
