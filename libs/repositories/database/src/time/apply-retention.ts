import type { Database } from '../database.ts'
import { ensurePartitions, partitionDays, removeDay, type PartitionWindow } from '../partitions.ts'
import { heldBefore, planRemoval, timeBefore, type RemovalPlan } from './plan-removal.ts'
import type { Timekeeper } from './timekeeper.ts'
import { DAY_MS, type Suspension, type TimeShift, type TimeState } from './time-state.ts'
import { updateTimeState } from './time-store.ts'

export interface RetentionOptions extends PartitionWindow {
  readonly database: Database
  readonly timekeeper: Pick<Timekeeper, 'check' | 'nowMs'>
  /** The database's time, in milliseconds since 1970. */
  readonly databaseMs: () => number
  readonly keyRetentionHours: number
}

export interface AppliedRetention {
  /** Names of the partitions that were removed. */
  readonly removed: readonly string[]
  /** Idempotency keys from before this time are forgotten. */
  readonly keysBeforeMs: number
  /** Retention was suspended by this call, for so much would have gone at once. */
  readonly suspended: boolean
}

const HOUR_MS = 3_600_000

/**
 * Makes the days of the window exist and removes older ones, as far as the database's clock is to be believed. A removal that
 * meets an open read gives up and is tried again at the next call.
 */
export async function applyRetention(options: RetentionOptions): Promise<AppliedRetention> {
  const { database, timekeeper, retentionDays, aheadDays } = options
  const state = await timekeeper.check()
  const nowMs = options.databaseMs()
  const ahead = Array.from({ length: aheadDays + 1 }, (_, i) => i * DAY_MS)
  await ensurePartitions(
    database,
    [nowMs, timekeeper.nowMs()].flatMap((time) => ahead.map((more) => time + more)),
  )
  const days = await partitionDays(database)
  const plan = planRemoval(state, days, nowMs, retentionDays)
  const keyMs = options.keyRetentionHours * HOUR_MS
  const keysBeforeMs = timeBefore(nowMs, keyMs, state.shifts)
  const removed: string[] = []
  for (const day of plan.remove) removed.push(...(await removeDay(database, day)))
  const left = removed.length > 0 ? await partitionDays(database) : days
  const overMs = timeBefore(nowMs, Math.max(keyMs, retentionDays * DAY_MS), state.shifts)
  const dueDays = plan.dueDays - plan.remove.filter((day) => !left.includes(day)).length
  const change = (row: TimeState): TimeState => ({
    ...row,
    dueDays: dueDays + plan.heldDays,
    suspension: suspensionAfter(row.suspension, plan, nowMs),
    // What was allowed once has been done.
    lifted: row.lifted && (row.suspension !== null || dueDays > 0),
    shifts: row.shifts.filter((shift) => stillMatters(shift, { left, nowMs, keyMs, overMs })),
  })
  await updateTimeState(database, (row) => change(row ?? state))
  return { removed, keysBeforeMs, suspended: plan.tooMany }
}

function suspensionAfter(current: Suspension | null, plan: RemovalPlan, nowMs: number): Suspension | null {
  if (plan.tooMany) return current ?? { reason: 'removal', sinceMs: Math.round(nowMs), ranMs: 0 }
  // RETENTION_DAYS was set back: nothing waits for a person any more.
  return current?.reason === 'removal' && plan.dueDays === 0 ? null : current
}

interface Left {
  readonly left: readonly number[]
  readonly nowMs: number
  readonly keyMs: number
  readonly overMs: number
}

function stillMatters(shift: TimeShift, { left, nowMs, keyMs, overMs }: Left): boolean {
  if (shift.kind === 'gap') return shift.toMs > overMs
  return nowMs - shift.toMs < keyMs || left.some((day) => day < heldBefore([shift]))
}
