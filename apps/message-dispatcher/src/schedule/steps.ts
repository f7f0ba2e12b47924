import type { Logger } from '@runnel/observability'
import { classifyFailure, isStatementTimeout } from '@runnel/repositories-database'
import type { ScheduleMetrics } from './schedule-metrics.ts'

/** Fields that name a failed step in the log. */
interface StepFields {
  readonly mailingId?: number
  readonly task: string
}

/** Work that may fail, and is tried again at the next check. */
export interface Steps {
  /**
   * @returns what the step returned; undefined where the cause lies in the step alone (it took too long, its input is
   *   invalid): logged once for each step, until it succeeds
   * @throws what the driver throws while the database is unreachable
   */
  attempt<T>(fields: StepFields, step: () => Promise<T>): Promise<T | undefined>
  /** Logs one line for each outage of the database. */
  reportUnreachable(error: unknown): void
  /** The database has answered. */
  reportReachable(): void
}

/** Failing steps that are remembered; beyond this, some lines are repeated. */
const MAX_FAILING = 1000

/** Steps of one loop. */
export function createSteps(log: Logger, metrics: ScheduleMetrics): Steps {
  const failing = new Set<string>()
  let isUnreachable = false
  return {
    async attempt({ mailingId, task }, step) {
      const key = `${task} ${mailingId ?? ''}`
      try {
        const result = await step()
        failing.delete(key)
        return result
      } catch (error) {
        if (classifyFailure(error) === 'transient' && !isStatementTimeout(error)) throw error
        metrics.failure()
        if (failing.size >= MAX_FAILING) failing.clear()
        const level = isStatementTimeout(error) ? 'warn' : 'error'
        if (!failing.has(key))
          log[level]({ err: error, mailingId, task }, 'a step failed; it will be tried again')
        failing.add(key)
        return undefined
      }
    },
    reportUnreachable(error) {
      metrics.failure()
      if (!isUnreachable) log.warn({ err: error }, 'the database is unreachable; the schedule waits for it')
      isUnreachable = true
    },
    reportReachable() {
      if (isUnreachable) log.info('the database is reachable again')
      isUnreachable = false
    },
  }
}
