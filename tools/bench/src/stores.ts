import { findBinary } from '@runnel/services'
import { startNats, startPostgres, type PrivateServer } from '@runnel/testing'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MIGRATE = join(import.meta.dirname, '../../../libs/repositories/src/migrate-main.ts')

/** A NATS of this run alone, with file storage and the server's default syncing. */
export async function openNats(stack: AsyncDisposableStack): Promise<PrivateServer> {
  return stack.use(await startNats())
}

/** A migrated PostgreSQL of this run alone, which syncs as a server in use does: a data folder makes it durable. */
export async function openPostgres(stack: AsyncDisposableStack): Promise<PrivateServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'runnel-bench-postgres-'))
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }))
  const server = stack.use(await startPostgres({ dataDir }))
  await run(process.execPath, [MIGRATE], {
    env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: server.url },
  })
  return server
}

/** The version of a store's program, as that tells it. */
export async function versionOf(program: 'nats-server' | 'postgres' | 'redis-server'): Promise<string> {
  const { stdout, stderr } = await run(findBinary(program) ?? program, ['--version'])
  return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'unknown'
}
