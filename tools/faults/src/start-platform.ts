import { spawnPlatform, startPrivateServices, type ManagedProcess } from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadTarget } from './run-load.ts'

/** The apps as processes, over private stores. */
export interface Platform extends LoadTarget {
  readonly nats: ManagedProcess
  readonly postgres: ManagedProcess
  readonly redis: ManagedProcess
  readonly ingest: ManagedProcess
  readonly consumer: ManagedProcess
  readonly query: ManagedProcess
  readonly apps: readonly ManagedProcess[]
  close(): Promise<void>
}

/** @throws Error when a store or an app does not come up */
export async function startPlatform(): Promise<Platform> {
  await using starting = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'runnel-faults-'))
  starting.defer(() => rmSync(folder, { recursive: true, force: true }))
  const { nats, postgres, redis, urls } = starting.use(await startPrivateServices())
  const { apps } = starting.use(
    await spawnPlatform({
      apps: ['ingest-api', 'consumer', 'query-api'],
      privateServices: urls,
      // A short wait, so that what a killed process held is delivered again soon.
      env: { ACK_WAIT_MS: '3000', LOG_LEVEL: 'info' },
    }),
  )
  const { 'ingest-api': ingest, consumer, 'query-api': query } = apps
  const running = starting.move()
  return {
    ...{ nats, postgres, redis, ingest, consumer, query, folder },
    store: ['--database-url', postgres.url],
    apps: [ingest, consumer, query],
    close: () => running.disposeAsync(),
  }
}
