import { createTopology } from '@runnel/contracts'
import type { AppName } from '@runnel/contracts/apps'
import type { HttpServer } from '@runnel/http'
import { connectBroker, streamSpecs } from '@runnel/messaging'
import { createLogger, type Logger } from '@runnel/observability'
import {
  connectPGlite,
  createDatabaseClock,
  createTimekeeper,
  DiskFullError,
  FolderInUseError,
  housekeepPGlite,
  migrateToLatest,
} from '@runnel/repositories-database'
import type { Database } from '@runnel/repositories-database'
import { connectKeys } from '@runnel/repositories-access'
import type { CleanupStack } from '@runnel/runtime'
import { printFirstKey } from '@runnel/message-dispatcher'
import { randomBytes } from 'node:crypto'
import { startConsumer } from './apps/consumer.ts'
import { startGateway } from './apps/gateway.ts'
import { startIngestApi } from './apps/ingest-api.ts'
import { startMessageDispatcher } from './apps/message-dispatcher.ts'
import { startProducerSim } from './apps/producer-sim.ts'
import { startQueryApi } from './apps/query-api.ts'
import type { StandaloneConfig } from './config.ts'
import type { AppDeps, StandaloneDeps } from './deps.ts'
import { StartProblem } from './start-problem.ts'

/** In this order: what is started last is closed first, so that what sends ends before what receives. */
const STARTS: Readonly<Record<AppName, (deps: AppDeps) => Promise<HttpServer>>> = {
  consumer: startConsumer,
  'query-api': startQueryApi,
  'message-dispatcher': startMessageDispatcher,
  'ingest-api': startIngestApi,
  'producer-sim': startProducerSim,
}

/**
 * The five apps in this process, over PGlite and the memory broker. Resolves when all of them are ready.
 *
 * @returns their servers
 * @throws StartProblem where the folder is in use, its disk is full or a port is taken
 */
export async function startStandalone(
  given: StandaloneConfig,
  cleanup: CleanupStack,
): Promise<ReadonlyMap<AppName, HttpServer>> {
  const config = withIdentitySecret(given)
  const createLog = (app: string) => createLogger(app, config.logLevel)
  const log = createLog('standalone')
  const database = cleanup.use(await openDatabase(config, log))
  await migrateToLatest(database)
  const housekeeping = housekeepPGlite(database, {
    signal: cleanup.signal,
    onError: (err) => log.warn({ err }, 'housekeeping failed; it will be tried again'),
  })
  cleanup.defer(() => housekeeping)
  const clock = createDatabaseClock(database)
  const { aheadDays } = config.consumer.maintenance
  const timekeeper = createTimekeeper({ database, clock, aheadDays })
  // Before any event: the time that is given to it has to be known, also where this machine's clock is wrong.
  // On a full disk it goes on without: the consumer stores nothing until it is known.
  await timekeeper.check().catch((err: unknown) => log.warn({ err }, 'the time could not be written yet'))
  const broker = cleanup.use(
    await connectBroker('memory:', { name: 'standalone', log, isFull: database.isFull! }),
  )
  const topology = createTopology('')
  const specs = streamSpecs(topology, config.streams)
  await Promise.all(Object.values(specs).map((spec) => broker.ensureStream(spec)))
  const directory = { config: { ...config, keys: config.dispatcher.keys }, log, database, notices: broker }
  const keys = await connectKeys({ ...directory, topology, cleanup })
  const deps: StandaloneDeps = {
    ...{ config, database, clock, timekeeper, broker, topology, specs },
    ...{ cleanup, createLog, keys },
  }
  const gateway = await startGateway(deps)
  const apps = new Map<AppName, HttpServer>()
  for (const [app, start] of Object.entries(STARTS))
    apps.set(app as AppName, await start({ ...deps, gateway }))
  if (!keys) return apps
  await printFirstKey(database, log, (text) => process.stdout.write(text))
  await keys.refresh()
  return apps
}

/** All apps are in this process: where none is given, a secret for them alone, which ends with it. */
export function withIdentitySecret<T extends Pick<StandaloneConfig, 'access'>>(config: T): T {
  const identitySecret = config.access.identitySecret || randomBytes(32).toString('base64url')
  return { ...config, access: { ...config.access, identitySecret } }
}

async function openDatabase({ dataDir, disk }: StandaloneConfig, log: Logger): Promise<Database> {
  const onChange = (full: boolean, freeBytes: number) => {
    if (full) log.error({ dataDir, freeBytes }, 'the disk is full: reads go on, nothing new is taken')
    else log.warn({ dataDir, freeBytes }, 'the disk has room again')
  }
  try {
    return await connectPGlite({ folder: dataDir, disk: { ...disk, onChange }, onFatal: crash })
  } catch (error) {
    if (error instanceof DiskFullError) throw new StartProblem(error.message, error)
    if (!(error instanceof FolderInUseError)) throw error
    throw new StartProblem(`${error.message}; set RUNNEL_DATA_DIR to another folder`, error)
  }
}

/** An uncaught exception, wherever the query came from: the process ends, and the next one recovers. */
function crash(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}
