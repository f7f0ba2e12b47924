import type { Logger } from '@runnel/observability'
import { classifyFailure, isStatementTimeout } from '@runnel/repositories'
import type { ScheduleMetrics } from './schedule-metrics.ts'

/** What a line of the log says about whoever failed. */
export interface StepFields {
  readonly mailingId?: number
  readonly task: string
}

/** Work that may fail, and is tried again at the next look. */
export interface Steps {
  /**
   * @returns what the step returned; undefined where it failed in a way that concerns it alone (it took too long, its
   *   input is bad): one line for each step and reason, until it succeeds
   * @throws where the database is away
   */
  attempt<T>(fields: StepFields, step: () => Promise<T>): Promise<T | undefined>
  /** The database is away: one line for each outage. */
  away(error: unknown): void
  /** It has answered. */
  back(): void
}

/** Steps that are remembered as failing, at most; with more, some lines are repeated. */
const MAX_FAILING = 1000

/** Steps of one loop. */
export function createSteps(log: Logger, metrics: ScheduleMetrics): Steps {
  const failing = new Set<string>()
  let isAway = false
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
    away(error) {
      metrics.failure()
      if (!isAway) log.warn({ err: error }, 'the schedule waits for the database')
      isAway = true
    },
    back() {
      if (isAway) log.info('the database is back')
      isAway = false
    },
  }
}
