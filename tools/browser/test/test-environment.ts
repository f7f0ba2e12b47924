import {
  spawnPlatform,
  spawnStandalone,
  startPrivateServices,
  type PlatformOptions,
  type ManagedProcess,
} from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { APPEARANCES, type Appearance } from '../src/index.ts'
import { storeDeadLetterInDatabase, storeDeadLetterInFolder } from './store-dead-letter.ts'
import { publishRaw } from './publish-raw.ts'

/** Runnel as its people meet it. A dead letter is in it that can be stored by now. */
export interface TestEnvironment extends AsyncDisposable {
  readonly name: string
  /** Origin of query-api, which serves the console. */
  readonly query: string
  readonly ingest: string
  readonly simulator: string
  /** Whether the sample of the first start is in it. */
  readonly hasSample: boolean
  /** How its pages are inspected. */
  readonly appearances: readonly Appearance[]
  /** Publishes to the broker, past ingest-api, where there is one. */
  readonly publishRaw?: (payload: string) => Promise<void>
}

/** The five apps on PostgreSQL, NATS and Redis. */
export async function startOnServices(options: PlatformOptions = {}): Promise<TestEnvironment> {
  const platform = await spawnPlatform(options)
  const { apps } = platform
  await storeDeadLetterInDatabase(platform.env.DATABASE_URL, platform.env.SUBJECT_PREFIX)
  return {
    ingest: apps['ingest-api'].url,
    query: apps['query-api'].url,
    simulator: apps['producer-sim'].url,
    name: 'services',
    hasSample: false,
    appearances: APPEARANCES,
    publishRaw: (payload) => publishRaw(platform, payload),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  }
}

/** All apps in one process, as `npm start` runs them. */
export async function startStandalone(): Promise<TestEnvironment> {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-browser-'))
  await storeDeadLetterInFolder(folder)
  const running = await spawnStandalone(folder)
  const { ingest, query, simulator } = running
  return {
    ...{ ingest, query, simulator },
    name: 'standalone',
    hasSample: true,
    // The pages are the same as on services; what is in them is not.
    appearances: APPEARANCES.slice(0, 1),
    [Symbol.asyncDispose]: async () => {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An environment whose servers are its own, so that they can be taken away. */
export interface PrivateEnvironment extends TestEnvironment {
  readonly postgres: ManagedProcess
  readonly redis: ManagedProcess
}

/** The five apps on servers of their own. */
export async function startOnPrivateServers(): Promise<PrivateEnvironment> {
  await using starting = new AsyncDisposableStack()
  const { postgres, redis, urls } = starting.use(await startPrivateServices())
  const environment = starting.use(await startOnServices({ privateServices: urls }))
  const running = starting.move()
  return { ...environment, postgres, redis, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
