import { expireMailings, findScheduleWork, type FoundWork } from '@runnel/repositories-mailings'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { TASKS } from './tasks.ts'
import { runSweeps } from './run-sweeps.ts'
import { createScheduleMetrics } from './schedule-metrics.ts'
import type { ScheduleDeps, TaskDeps } from './schedule-deps.ts'
import { createSteps, type Steps } from './steps.ts'

interface Round {
  readonly worked: boolean
  /** Undefined while the database is unreachable. */
  readonly found?: FoundWork
}

/**
 * Starts, materialises, expires, settles and completes mailings until the signal aborts. Every replica does it: each step
 * is one transaction that takes what is due and free, so that it does not matter which replica is first, how many there
 * are, or when one of them dies. Nothing that is kept in memory is needed after a restart.
 *
 * It checks again at once while there is work; else at the next start, end or opening of a window, after `intervalMs`, or
 * at a notice. A check costs two reads and writes nothing.
 */
export async function runSchedule(given: ScheduleDeps): Promise<void> {
  const { clock, schedule, wake, signal } = given
  const deps: TaskDeps = { ...given, counts: createScheduleMetrics(given.metrics) }
  const steps = createSteps(deps.log, deps.counts)
  const sweeping = runSweeps(deps)
  let expectedMs: number | undefined
  while (!signal.aborted) {
    const { worked, found } = await runRound(deps, steps)
    // A window has opened, or a mailing has come to its end.
    if (found && expectedMs !== undefined && clock.nowMs() >= expectedMs) wake.notify()
    if (found) expectedMs = found.nextMs
    if (worked) await nextTurn()
    else await wake.pause(pauseOf(schedule.intervalMs, found?.nextMs, clock.nowMs()), signal)
  }
  await sweeping
}

/** Until the next expected moment, which may have passed since the check. */
function pauseOf(intervalMs: number, expectedMs: number | undefined, nowMs: number): number {
  return Math.max(0, Math.min(intervalMs, (expectedMs ?? Infinity) - nowMs))
}

/** Never rejects: while the database is unreachable, there is nothing to do. */
async function runRound(deps: TaskDeps, steps: Steps): Promise<Round> {
  try {
    await deps.clock.synchronise?.()
    const found = await findScheduleWork(
      deps.database,
      deps.clock.nowMs(),
      deps.schedule.secondPersonAbove > 0,
    )
    steps.reportReachable()
    return { worked: await work(deps, steps, found), found }
  } catch (error) {
    steps.reportUnreachable(error)
    return { worked: false }
  }
}

async function work(deps: TaskDeps, steps: Steps, found: FoundWork): Promise<boolean> {
  let worked = found.expiring && ((await steps.attempt({ task: 'expire' }, () => expire(deps))) ?? false)
  for (const { mailingId, task } of found.work) {
    if (deps.signal.aborted) return false
    const done = await steps.attempt({ mailingId, task }, () => TASKS[task](deps, mailingId))
    worked ||= done ?? false
  }
  return worked
}

async function expire({ database, clock, log, counts }: TaskDeps): Promise<boolean> {
  const expired = await expireMailings(database, clock.nowMs())
  counts.mailing('expired', expired.length)
  for (const mailingId of expired) log.info({ mailingId }, 'mailing ended; its open messages expire')
  return expired.length > 0
}
