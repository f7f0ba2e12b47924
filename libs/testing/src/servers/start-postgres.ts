import { execFileSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ManagedProcess } from '../managed-process.ts'
import { requireBinary } from './binaries.ts'
import { probePostgres } from './probe-postgres.ts'
import { onPort } from './on-free-ports.ts'
import { prepareServer, startServer, type ServerOptions } from './start-server.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

/**
 * A test's data need not survive the machine, so that nothing is synced. What was committed must survive the process,
 * for tests kill it: commits stay synchronous.
 */
const FAST = ['fsync=off', 'full_page_writes=off', 'shared_buffers=64MB', 'wal_retrieve_retry_interval=100ms']

export interface PostgresServerOptions extends ServerOptions {
  /** More of its settings, such as those of TLS: `name=value`. */
  readonly settings?: readonly string[]
  /** URL of the server that it is a standby of, from which it copies its data at first. `select pg_promote()` makes it a primary. */
  readonly standbyOf?: string
  /** More arguments of initdb. */
  readonly initdb?: readonly string[]
}

/**
 * A server with the superuser `postgres`, without a password, on 127.0.0.1 only.
 *
 * @throws Error when there is no PostgreSQL or it does not come up
 */
export function startPostgres(options: PostgresServerOptions = {}): Promise<ManagedProcess> {
  return onPort(options.port, (port) => startPostgresOn(port, options))
}

async function startPostgresOn(port: number, options: PostgresServerOptions): Promise<ManagedProcess> {
  const command = requireBinary('postgres')
  const user = unprivilegedUser()
  const { folder, temporaryFolder } = prepareServer('postgres', options, user)
  const durable = temporaryFolder === undefined
  const data = join(folder, 'data')
  if (!existsSync(join(data, 'PG_VERSION'))) {
    if (options.standbyOf === undefined)
      initialize(command, data, [...(durable ? [] : ['--no-sync']), ...(options.initdb ?? [])], user)
    else copyFrom(options.standbyOf, command, data, user)
  }
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    ...(durable ? [] : FAST),
    ...(options.settings ?? []),
  ]
  return startServer({
    name: 'PostgreSQL',
    command,
    args: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    user,
    probe: probePostgres,
    temporaryFolder,
    stopSignal: 'SIGINT',
  })
}

/** Makes the data folder of a standby. @throws Error with what pg_basebackup wrote */
function copyFrom(primary: string, command: string, data: string, user: object | undefined): void {
  const copy = join(dirname(realpathSync(command)), 'pg_basebackup')
  const args = ['-d', primary, '-D', data, '--write-recovery-conf', '--checkpoint=fast', '--no-sync']
  execFileSync(copy, args, { ...user, cwd: '/', stdio: 'pipe' })
}

/**
 * Text is sorted by code points, and letters of all languages have upper and lower case, as on servers that people run.
 *
 * @throws Error with what initdb wrote; it removes its half-made files itself
 */
function initialize(command: string, data: string, more: readonly string[], user: object | undefined): void {
  // The one of the same version as the server; on PATH there may be another.
  const initdb = join(dirname(realpathSync(command)), 'initdb')
  const args = [
    '-D',
    data,
    ...'-U postgres -A trust -E UTF8 --locale=C --no-instructions'.split(' '),
    ...more,
  ]
  const run = (...locale: string[]) =>
    execFileSync(initdb, [...args, ...locale], { ...user, cwd: '/', stdio: 'pipe' })
  try {
    run('--lc-ctype=C.UTF-8')
  } catch (error) {
    // Some systems lack that locale: there, tests of other letters than those of ASCII fail by name.
    if (!String((error as { stderr?: Buffer }).stderr).includes('locale')) throw error
    run()
  }
}
