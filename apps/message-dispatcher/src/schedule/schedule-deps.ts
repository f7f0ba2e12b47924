import type { Deps } from '../deps.ts'
import type { ReportOptions } from '../reports/settings.ts'
import type { ScheduleMetrics } from './schedule-metrics.ts'

/** What the schedule uses of the app. */
export interface ScheduleDeps extends Pick<
  Deps,
  'log' | 'metrics' | 'countMessages' | 'database' | 'clock' | 'schedule' | 'wake' | 'signal'
> {
  readonly notifications: { readonly report: Pick<ReportOptions, 'to' | 'timeZone'> }
}

/** What the tasks and sweeps of the schedule use. */
export interface TaskDeps extends ScheduleDeps {
  readonly counts: ScheduleMetrics
}
