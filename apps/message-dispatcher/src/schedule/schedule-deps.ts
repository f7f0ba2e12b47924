import type { Parts } from '../deps.ts'

export interface ScheduleOptions {
  /** Milliseconds between two looks at what is due, where nobody wakes it. */
  readonly intervalMs: number
  /** Clients that become messages in one transaction. */
  readonly materialiseClients: number
  /** Milliseconds between two comparisons of statistics with messages. */
  readonly checkIntervalMs: number
}

/** What the schedule uses of the app. */
export type ScheduleParts = Pick<
  Parts,
  'log' | 'metrics' | 'countMessages' | 'database' | 'clock' | 'schedule' | 'wake' | 'signal'
>
