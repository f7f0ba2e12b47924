import { createAppFetch, createSignOwn } from '@runnel/http'
import { purgeAlerts, purgeNotifications, purgeReports, takeRound } from '@runnel/repositories-mailings'
import { pause } from '@runnel/runtime'
import type { Deps } from '../deps.ts'
import { readSystemState } from '../alerts/read-system-state.ts'
import { watchConditions } from '../alerts/watch-conditions.ts'
import { makeReports } from '../reports/make-reports.ts'
import { configuredChannels } from '../sending/channels/configured-channels.ts'
import { createDeliveryCounter } from './delivery-metrics.ts'
import type { NotificationContext } from './notification-context.ts'
import { runDelivery } from './run-delivery.ts'

const HOUR_MS = 3_600_000

/** Between two looks whether it is the turn of this process. */
const MAX_CHECK_MS = 60_000

/** Between two attempts of what fails again and again. */
const MAX_FAILED_PAUSE_MS = 60_000

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
  const rounds = roundsOf(deps, context).map((round) => repeat(round, deps, context))
  await Promise.all([...deliveries, ...rounds])
}

/** What one replica at a time does, now and then. */
interface Round {
  readonly name: string
  readonly everyMs: number
  /** @returns whether there is something to deliver now */
  run(): Promise<boolean>
}

function roundsOf(deps: Deps, context: NotificationContext): Round[] {
  const { signal, log, clock, notifications, httpOptions } = deps
  const { database, from, targets, giveUpMs } = context
  const { report, alerts, intervalMs, retention } = notifications
  const signOwn = createSignOwn(httpOptions?.access, ['system:read'])
  const apps = createAppFetch(httpOptions?.tls)
  signal.addEventListener('abort', () => void apps.close(), { once: true })
  const readSystem = () => readSystemState(alerts.queryApiUrl, signOwn, signal, apps.fetch)
  const channels = configuredChannels(deps.sending).map(({ name }) => name)
  return [
    {
      name: 'alerts',
      everyMs: alerts.intervalMs,
      run: () => watchConditions({ database, log, alerts, targets, giveUpMs, signal, channels, readSystem }),
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
        await purgeAlerts(database, retention, signal)
        await purgeReports(database, retention.days)
        return false
      },
    },
  ]
}

/** Each by itself: one that fails, or takes long, holds up no other. */
async function repeat(
  { name, everyMs, run }: Round,
  { log, signal }: Deps,
  { database, ringAll }: NotificationContext,
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    let pauseMs = Math.min(everyMs, MAX_CHECK_MS)
    try {
      if ((await takeRound(database, name, everyMs)) && (await run())) ringAll()
      failures = 0
    } catch (err) {
      if (failures++ === 0)
        log.warn({ err, task: name }, 'reports or alerts wait: what they need cannot be read')
      // A statement that takes too long is not begun again at once.
      pauseMs = Math.min(pauseMs * 2 ** Math.min(failures, 10), MAX_FAILED_PAUSE_MS)
    }
    await pause(pauseMs, signal)
  }
}
