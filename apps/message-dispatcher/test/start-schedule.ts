import { createTopology } from '@runnel/contracts'
import { connectBroker } from '@runnel/messaging'
import { createLogger, createMetrics, type Metrics } from '@runnel/observability'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createTestDatabase } from '@runnel/testing'
import { runSchedule } from '../src/schedule/run-schedule.ts'
import type { ScheduleOptions } from '../src/schedule/schedule-options.ts'
import { createMessageCounts } from '../src/message-counts.ts'
import { createWake, type Wake } from '../src/wake.ts'
import { createFakeClock, type FakeClock } from './start-dispatcher.ts'

interface LogLine {
  readonly level: string
  readonly fields: unknown
  readonly message: string | undefined
}

/** Replicas of the schedule alone: nothing is sent. */
export interface TestSchedule {
  readonly database: Database
  readonly clock: FakeClock
  readonly metrics: Metrics
  readonly wake: Wake
  /** What was logged. */
  readonly lines: LogLine[]
  /** Starts one more replica. @returns a function that drains it */
  run(options?: Partial<ScheduleOptions>): () => Promise<void>
  stop(): Promise<void>
}

/** Long enough that only a notice, or a moment that is due, ends a pause. */
const LONG_MS = 600_000

export async function startSchedule(
  nowMs: number,
  connect?: (url: string) => Database,
): Promise<TestSchedule> {
  const made = await createTestDatabase()
  const database =
    connect?.(made.url) ??
    connectDatabase({ url: made.url, applicationName: 'test', poolSize: 8, statementTimeoutMs: 10_000 })
  const clock = createFakeClock(nowMs)
  const metrics = createMetrics('message-dispatcher')
  const lines: LogLine[] = []
  const log = createLogger('message-dispatcher', 'silent')
  for (const level of ['info', 'warn', 'error'] as const) {
    log[level] = (fields: unknown, message?: string) =>
      void lines.push({ level, fields, message: typeof fields === 'string' ? fields : message })
  }
  const broker = await connectBroker('memory:', { name: 'test', log })
  const wake = createWake(broker, createTopology('').wake)
  const stops: (() => Promise<void>)[] = []
  const run = (options: Partial<ScheduleOptions> = {}) => {
    const abort = new AbortController()
    const counted = stops.length === 0 ? metrics : createMetrics('another')
    const running = runSchedule({
      ...{ log, database, clock, wake, signal: abort.signal },
      metrics: counted,
      countMessages: createMessageCounts(counted),
      notifications: { report: { to: [], timeZone: 'UTC' } },
      schedule: {
        intervalMs: LONG_MS,
        materialiseClients: 1000,
        secondPersonAbove: 0,
        checkIntervalMs: LONG_MS,
        auditLog: { days: 365, bytes: 1e9 },
        sentTexts: { days: 30, bytes: 1e9 },
        ...options,
      },
    })
    const stop = async () => {
      abort.abort()
      await running
    }
    stops.push(stop)
    return stop
  }
  const stop = async () => {
    await Promise.all(stops.map((end) => end()))
    wake.close()
    await broker.close()
    await database.close()
    await made.drop()
  }
  return { database, clock, metrics, wake, lines, run, stop }
}
