import {
  findBinary,
  migrateDatabase,
  startNats,
  startPostgres,
  startRedis,
  type ManagedProcess,
} from '@runnel/testing'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ProcessCosts } from './process-costs.ts'

const run = promisify(execFile)

/** A NATS of this run alone, with file storage and the server's default syncing. */
export async function openNats(stack: AsyncDisposableStack, costs: ProcessCosts): Promise<ManagedProcess> {
  const server = stack.use(await startNats())
  costs.watch('nats-server', server.pid, 'shared')
  return server
}

/** A Redis of this run alone. */
export async function openRedis(stack: AsyncDisposableStack, costs: ProcessCosts): Promise<ManagedProcess> {
  const server = stack.use(await startRedis())
  costs.watch('redis-server', server.pid, 'shared')
  return server
}

/** A migrated PostgreSQL of this run alone, which syncs as a server in use does: a data folder makes it durable. */
export async function openPostgres(
  stack: AsyncDisposableStack,
  costs: ProcessCosts,
): Promise<ManagedProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'runnel-bench-postgres-'))
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }))
  const server = stack.use(await startPostgres({ dataDir }))
  await migrateDatabase(server.url)
  costs.watch('postgres', server.pid, 'shared')
  return server
}

/** The version of a store's program, as that program prints it. */
export async function versionOf(
  program: 'nats-server' | 'rabbitmqctl' | 'postgres' | 'redis-server',
): Promise<string> {
  const { stdout, stderr } = await run(findBinary(program) ?? program, ['--version'])
  return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'unknown'
}
