import type { Deps } from '../deps.ts'
import type { ScheduleMetrics } from './schedule-metrics.ts'

/** What the schedule uses of the app. */
export type ScheduleDeps = Pick<
  Deps,
  'log' | 'metrics' | 'countMessages' | 'database' | 'clock' | 'schedule' | 'wake' | 'signal'
>

/** What the tasks and sweeps of the schedule use. */
export interface TaskDeps extends ScheduleDeps {
  readonly counts: ScheduleMetrics
}
