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
  type ServiceLog,
} from '@runnel/runtime'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
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

/** `npm start`: the five apps in one process, with nothing else running. */
async function serve(given: StandaloneConfig): Promise<void> {
  const config = withIdentitySecret(given)
  const log = createLogger('standalone', config.logLevel)
  warnOfSettings(log, config, settings, process.env)
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
    console.log(welcome(config, sample))
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

const envFile = join(import.meta.dirname, '../../../.env')
// What is already set wins over the file.
if (existsSync(envFile)) process.loadEnvFile(envFile)
const config = loadOrComplain(() => {
  const loaded = requireSafeAccess(loadConfig(process.env), settings, { sharesIdentity: false })
  requireSafeListeners({ host: loaded.host, listeners: loaded.ingest.listeners })
  requireCompleteNotifications(loaded.dispatcher.notifications)
  requireCompleteSending(loaded.dispatcher.sending)
  requireSecondPerson(loaded.dispatcher.schedule, loaded.access.auth)
  requireSignIn({ access: loaded.access, people: loaded.query.people })
  return loaded
})
if (config) {
  const { ignored } = findUnusedSettings(settings, process.env)
  if (ignored.length > 0)
    console.log(
      `${ignored.join(', ')}: not used by npm start, which runs without servers; use npm run dev to run on them.`,
    )
  await serve({ ...config, dataDir: resolve(config.dataDir) })
}
