import { purgeNotifications, takeRound } from '@runnel/repositories-mailings'
import type { Deps } from '../deps.ts'
import { createBell } from '../sending/bell.ts'
import { readSystemState } from '../alerts/read-system-state.ts'
import { watchConditions } from '../alerts/watch-conditions.ts'
import { makeReports } from '../reports/make-reports.ts'
import { createDeliveryCounter } from './delivery-metrics.ts'
import type { NotificationContext } from './notification-context.ts'
import { runDelivery } from './run-delivery.ts'

const HOUR_MS = 3_600_000

/**
 * Makes and sends daily reports and alerts until the signal aborts, over connections of its own. Everything that is remembered
 * lies in PostgreSQL, so that it does not matter which replica does what, or when one of them dies. Never rejects.
 */
export async function runNotifications(deps: Deps, context: NotificationContext): Promise<void> {
  const { signal, log, metrics, notifications } = deps
  const { database, transports, bells } = context
  const shared = { database, log, signal, random: Math.random, count: createDeliveryCounter(metrics) }
  const deliveries = transports.map(([channel, transport]) =>
    runDelivery({
      ...shared,
      channel,
      transport,
      intervalMs: notifications.intervalMs,
      bell: bells[channel],
    }),
  )
  await Promise.all([...deliveries, runRounds(deps, context)])
}

/** What one replica at a time does. */
async function runRounds(deps: Deps, context: NotificationContext): Promise<void> {
  const { signal, log, clock, notifications } = deps
  const { database, from, targets, giveUpMs, ringAll } = context
  const { report, alerts, intervalMs, retention } = notifications
  const pauseMs = Math.min(intervalMs, alerts.intervalMs)
  const waiting = createBell()
  signal.addEventListener('abort', waiting.ring)
  let failed = false
  const rounds = [
    {
      name: 'alerts',
      everyMs: alerts.intervalMs,
      run: () =>
        watchConditions({
          ...{ database, log, alerts, targets, giveUpMs, signal },
          readSystem: () => readSystemState(alerts.queryApiUrl, signal),
        }),
    },
    {
      name: 'reports',
      everyMs: intervalMs,
      run: async () => {
        if (!from || report.to.length === 0) return false
        await clock.synchronise?.()
        return makeReports({ database, log, report, from, giveUpMs, nowMs: clock.nowMs(), signal })
      },
    },
    {
      name: 'purge',
      everyMs: HOUR_MS,
      run: async () => {
        await purgeNotifications(database, retention, signal)
        return false
      },
    },
  ]
  while (!signal.aborted) {
    try {
      for (const { name, everyMs, run } of rounds) {
        if (signal.aborted) break
        if ((await takeRound(database, name, everyMs)) && (await run())) ringAll()
      }
      failed = false
    } catch (err) {
      if (!failed) log.warn({ err }, 'reports and alerts wait: what they need cannot be read')
      failed = true
    }
    await waiting.wait(signal.aborted ? 0 : pauseMs)
  }
  signal.removeEventListener('abort', waiting.ring)
}
