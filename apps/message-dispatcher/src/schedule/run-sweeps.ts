import { purgeUsage } from '@runnel/repositories-access'
import { ensurePartitions } from '@runnel/repositories-database'
import {
  closeRestedChunks,
  findCheckable,
  purgeAuditLog,
  purgeMinuteTallies,
  purgeSentTexts,
  reconcileOptOuts,
} from '@runnel/repositories-mailings'
import { pause } from '@runnel/runtime'
import { minutesKeptMs } from '../reports/minutes-kept-ms.ts'
import { checkStatistics } from './check-statistics.ts'
import type { TaskDeps } from './schedule-deps.ts'
import { createSteps, type Steps } from './steps.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Between two searches for chunks that no worker will close. */
const CHUNKS_MS = 60_000

interface Sweep {
  readonly task: string
  readonly everyMs: number
  run(): Promise<void>
}

/** Periodic maintenance. It runs beside the loop of the schedule, which it must never hold up. Resolves when the signal aborts. */
export async function runSweeps(deps: TaskDeps): Promise<void> {
  const steps = createSteps(deps.log, deps.counts)
  await Promise.all(sweepsOf(deps, steps).map((sweep) => repeat(sweep, deps, steps)))
}

function sweepsOf({ database, clock, schedule, notifications, ...deps }: TaskDeps, steps: Steps): Sweep[] {
  const { log, counts, wake, signal } = deps
  return [
    {
      task: 'partitions',
      everyMs: HOUR_MS,
      run: () => ensurePartitions(database, [clock.nowMs(), clock.nowMs() + DAY_MS], ['attempt']),
    },
    {
      task: 'purge',
      everyMs: HOUR_MS,
      run: async () => {
        const nowMs = clock.nowMs()
        await purgeMinuteTallies(database, nowMs - minutesKeptMs(notifications.report, nowMs), signal)
      },
    },
    {
      task: 'audit log',
      everyMs: HOUR_MS,
      run: async () => {
        const { aged, excess } = await purgeAuditLog(database, schedule.auditLog, signal)
        if (aged + excess > 0) log.info({ aged, excess }, 'old entries of the audit log removed')
      },
    },
    {
      task: 'sent texts',
      everyMs: HOUR_MS,
      run: async () => {
        const { aged, excess } = await purgeSentTexts(database, schedule.sentTexts, signal)
        if (aged + excess > 0) log.info({ aged, excess }, 'old texts of messages removed')
      },
    },
    {
      task: 'key usage',
      everyMs: HOUR_MS,
      run: () => purgeUsage(database),
    },
    {
      task: 'opt-outs',
      everyMs: HOUR_MS,
      run: async () => {
        const clients = await reconcileOptOuts(database)
        if (clients > 0) log.info({ clients }, 'clients and the suppression list were made to agree')
      },
    },
    {
      task: 'chunks',
      everyMs: Math.min(CHUNKS_MS, schedule.checkIntervalMs),
      run: async () => {
        const chunks = await closeRestedChunks(database)
        if (chunks === 0) return
        log.info({ chunks }, 'closed chunks that their workers had left')
        wake.notify()
      },
    },
    {
      task: 'statistics',
      everyMs: schedule.checkIntervalMs,
      run: async () => {
        for (const mailingId of await findCheckable(database)) {
          if (signal.aborted) return
          await steps.attempt({ mailingId, task: 'statistics' }, () =>
            checkStatistics({ database, log, counts }, mailingId),
          )
        }
      },
    },
  ]
}

/** Runs a sweep at its intervals; after a failure, sooner. */
async function repeat({ task, everyMs, run }: Sweep, deps: TaskDeps, steps: Steps): Promise<void> {
  const { schedule, signal } = deps
  while (!signal.aborted) {
    let pauseMs = everyMs
    try {
      await steps.attempt({ task }, run)
      steps.reportReachable()
    } catch (error) {
      steps.reportUnreachable(error)
      pauseMs = Math.min(everyMs, schedule.intervalMs)
    }
    await pause(pauseMs, signal)
  }
}
