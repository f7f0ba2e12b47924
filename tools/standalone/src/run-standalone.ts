import { createSignOwn } from '@runnel/http'
import { requireSafeListeners } from '@runnel/ingest-api'
import {
  requireCompleteNotifications,
  requireCompleteSending,
  requireSecondPerson,
} from '@runnel/message-dispatcher'
import { createLogger } from '@runnel/observability'
import { requireSignIn } from '@runnel/query-api'
import {
  httpOptionsOf,
  loadOrComplain,
  requireSafeAccess,
  runService,
  warnOfSettings,
  type Environment,
  type ServiceLog,
} from '@runnel/runtime'
import { resolve } from 'node:path'
import { loadConfig, settings, type StandaloneConfig } from './config.ts'
import { findUnusedSettings } from './find-unused-settings.ts'
import { loadSampleOnce } from './load-sample.ts'
import { StartProblem } from './start-problem.ts'
import { startStandalone, withIdentitySecret } from './start-standalone.ts'
import { urlOf } from './url-of.ts'
import { startWatchdog } from './watchdog.ts'
import { welcome } from './welcome.ts'

/** What the sample is sent in with. */
const SAMPLE_SCOPES = [
  'metrics:write',
  'logs:write',
  'products:write',
  'clients:write',
  'mailings:write',
  'mailings:send',
] as const

/** Longer than any query that is let through. */
const MAX_SILENCE_MS = 60_000

export interface StandaloneRun {
  readonly env: Environment
  /** How a person starts it: what is printed names it. */
  readonly command: string
}

/**
 * The five apps in one process, with nothing else running, until SIGTERM or SIGINT. What is wrong with the settings is printed, all of
 * it at once, and the exit code is 1.
 */
export async function runStandalone({ env, command }: StandaloneRun): Promise<void> {
  const config = loadOrComplain(() => {
    const loaded = requireSafeAccess(loadConfig(env), settings, { sharesIdentity: false })
    requireSafeListeners({ host: loaded.host, listeners: loaded.ingest.listeners })
    requireCompleteNotifications(loaded.dispatcher.notifications)
    requireCompleteSending(loaded.dispatcher.sending)
    requireSecondPerson(loaded.dispatcher.schedule, loaded.access.auth)
    requireSignIn({ access: loaded.access, people: loaded.query.people })
    return loaded
  })
  if (!config) return
  const { ignored } = findUnusedSettings(settings, env)
  if (ignored.length > 0)
    console.log(
      `${ignored.join(', ')}: not used by ${command}, which runs without servers; use npm run dev to run on them.`,
    )
  await serve({ ...config, dataDir: resolve(config.dataDir) }, { env, command })
}

async function serve(given: StandaloneConfig, { env, command }: StandaloneRun): Promise<void> {
  const config = withIdentitySecret(given)
  const log = createLogger('standalone', config.logLevel)
  warnOfSettings(log, config, settings, env)
  await runService({ log: plainly(log), shutdownMs: config.shutdownMs }, async (cleanup) => {
    cleanup.use(startWatchdog(MAX_SILENCE_MS, config.dataDir))
    await startStandalone(config, cleanup)
    const sample = await loadSampleOnce(config.dataDir, {
      ingest: urlOf(config, 'ingest-api'),
      dispatcher: urlOf(config, 'message-dispatcher'),
      sign: createSignOwn(httpOptionsOf(config, 'producer-sim').access, SAMPLE_SCOPES),
      sendsForReal: config.dispatcher.sending.gateway.url !== undefined,
      signal: cleanup.signal,
    })
    console.log(welcome(config, sample, command))
    cleanup.defer(() => console.log('Stopping ...'))
  })
}

/** A problem that a person can correct is printed in one line, without a stack. */
function plainly(log: ServiceLog): ServiceLog {
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    fatal: (fields, message) => {
      const { err } = fields as { err?: unknown }
      if (err instanceof StartProblem) console.error(err.message)
      else log.fatal(fields, message)
    },
  }
}
