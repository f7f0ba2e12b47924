import {
  completeMailing,
  finishSettling,
  materialiseBlock,
  refreshZones,
  settleBlock,
  startMailing,
  type ScheduleTask,
} from '@runnel/repositories'
import { windowOf } from '../windows/window-of.ts'
import { checkStatistics } from './check-statistics.ts'
import type { ScheduleMetrics } from './schedule-metrics.ts'
import type { ScheduleParts } from './schedule-deps.ts'

/** What tasks use; the clock has stopped for all of one round. */
export interface TaskParts extends ScheduleParts {
  readonly counts: ScheduleMetrics
}

/** @returns whether something was done, so that there may be more */
export type Task = (parts: TaskParts, mailingId: number) => Promise<boolean>

/** Each is safe at any time, on any number of replicas: what is not due any more, or is held by others, is left. */
export const TASKS: Readonly<Record<ScheduleTask, Task>> = { start, materialise, refresh, settle, complete }

async function start({ database, clock, log, counts }: TaskParts, mailingId: number): Promise<boolean> {
  const started = await startMailing(database, mailingId, clock.nowMs())
  if (!started) return false
  counts.mailing('started')
  log.info({ mailingId, ...started }, 'mailing started')
  return true
}

/** One block, so that mailings take turns, and so that sending begins with the first of its blocks. */
async function materialise(parts: TaskParts, mailingId: number): Promise<boolean> {
  const { database, clock, schedule, log, counts } = parts
  const made = await materialiseBlock(database, mailingId, {
    nowMs: clock.nowMs(),
    blockClients: schedule.materialiseClients,
  })
  if (!made) return false
  counts.materialised(made.messages)
  if (made.done) {
    counts.mailing('materialised')
    log.info({ mailingId }, 'all messages of the mailing are made')
  }
  await refresh(parts, mailingId)
  if (made.messages > 0) parts.wake.notify()
  return true
}

async function refresh(parts: TaskParts, mailingId: number): Promise<boolean> {
  const { database, clock, log } = parts
  const refreshed = await refreshZones(database, mailingId, {
    nowMs: clock.nowMs(),
    computeZone: windowOf,
    onUnknownZone: (timeZone, err) =>
      log.error({ mailingId, timeZone, err }, 'unknown time zone; its messages will expire'),
  })
  if (refreshed > 0) parts.wake.notify()
  return refreshed > 0
}

async function settle(parts: TaskParts, mailingId: number): Promise<boolean> {
  const { database, clock, log, counts } = parts
  const settled = await settleBlock(database, mailingId, clock.nowMs())
  parts.countMessages(settled.applied)
  if (settled.applied.length + settled.chunks > 0) return true
  if (!(await finishSettling(database, mailingId, clock.nowMs()))) return false
  counts.mailing('settled')
  log.info({ mailingId }, 'mailing settled')
  await checkStatistics(parts, mailingId)
  return true
}

async function complete(parts: TaskParts, mailingId: number): Promise<boolean> {
  const { database, clock, log, counts } = parts
  if (!(await completeMailing(database, mailingId, clock.nowMs()))) return false
  counts.mailing('completed')
  log.info({ mailingId }, 'mailing completed')
  await checkStatistics(parts, mailingId)
  return true
}
