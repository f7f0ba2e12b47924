import {
  completeMailing,
  finishSettling,
  materialiseBlock,
  refreshZones,
  reopenBlock,
  type ScheduleTask,
  settleBlock,
  startMailing,
} from '@runnel/repositories-mailings'
import { windowOf } from '../windows/window-of.ts'
import { checkStatistics } from './check-statistics.ts'
import type { TaskDeps } from './schedule-deps.ts'

/** @returns whether something was done, so that there may be more */
export type Task = (deps: TaskDeps, mailingId: number) => Promise<boolean>

/** Each is safe at any time, on any number of replicas: it skips what is no longer due or is locked by another replica. */
export const TASKS: Readonly<Record<ScheduleTask, Task>> = {
  start,
  reopen,
  materialise,
  refresh,
  settle,
  complete,
}

async function start(deps: TaskDeps, mailingId: number): Promise<boolean> {
  const { database, clock, log, counts, schedule } = deps
  const started = await startMailing(database, mailingId, clock.nowMs(), schedule.secondPersonAbove)
  if (!started) return false
  counts.mailing('started')
  log.info({ mailingId, ...started }, 'mailing started')
  return true
}

/** One block, so that mailings take turns. */
async function reopen(deps: TaskDeps, mailingId: number): Promise<boolean> {
  const { database, clock, log } = deps
  const opened = await reopenBlock(database, mailingId, clock.nowMs())
  if (!opened) return false
  deps.countMessages(opened.applied)
  if (opened.applied.length > 0) deps.wake.notify()
  if (opened.done) log.info({ mailingId }, 'all expired messages of the prolonged mailing are open again')
  return true
}

/** One block, so that mailings take turns, and so that sending begins with the first of its blocks. */
async function materialise(deps: TaskDeps, mailingId: number): Promise<boolean> {
  const { database, clock, schedule, log, counts } = deps
  const made = await materialiseBlock(database, mailingId, {
    nowMs: clock.nowMs(),
    blockClients: schedule.materialiseClients,
  })
  if (!made) return false
  counts.materialised(made.messages)
  if (made.done) {
    counts.mailing('materialised')
    log.info({ mailingId }, 'all messages of the mailing are created')
  }
  await refresh(deps, mailingId)
  if (made.messages > 0) deps.wake.notify()
  return true
}

async function refresh(deps: TaskDeps, mailingId: number): Promise<boolean> {
  const { database, clock, log } = deps
  const refreshed = await refreshZones(database, mailingId, {
    nowMs: clock.nowMs(),
    computeZone: windowOf,
    onUnknownZone: (timeZone, err) =>
      log.error({ mailingId, timeZone, err }, 'the time zone is not known; its messages will expire'),
  })
  if (refreshed > 0) deps.wake.notify()
  return refreshed > 0
}

async function settle(deps: TaskDeps, mailingId: number): Promise<boolean> {
  const { database, clock, log, counts } = deps
  const settled = await settleBlock(database, mailingId, clock.nowMs())
  deps.countMessages(settled.applied)
  if (settled.applied.length + settled.chunks > 0) return true
  if (!(await finishSettling(database, mailingId, clock.nowMs()))) return false
  counts.mailing('settled')
  log.info({ mailingId }, 'mailing settled')
  await checkStatistics(deps, mailingId)
  return true
}

async function complete(deps: TaskDeps, mailingId: number): Promise<boolean> {
  const { database, clock, log, counts } = deps
  if (!(await completeMailing(database, mailingId, clock.nowMs()))) return false
  counts.mailing('completed')
  log.info({ mailingId }, 'mailing completed')
  await checkStatistics(deps, mailingId)
  return true
}
