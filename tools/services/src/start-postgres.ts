import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { requireBinary } from './binaries.ts'
import { PrivateServer } from './private-server.ts'
import { probePostgres } from './probe-postgres.ts'
import { prepareServer, type ServerOptions } from './server-options.ts'

/** Data of a test may be lost: no syncing at all. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=64MB']

/**
 * A server with the superuser `postgres`, without a password, on 127.0.0.1 only.
 *
 * @throws Error when there is no PostgreSQL or it does not come up
 */
export async function startPostgres(options: ServerOptions = {}): Promise<PrivateServer> {
  // initdb has to come from the same version as the server.
  const command = requireBinary('postgres')
  const user = unprivilegedUser()
  const { port, folder, temporaryFolder } = await prepareServer('postgres', options, user)
  const durable = temporaryFolder === undefined
  const data = join(folder, 'data')
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const initdb = join(dirname(realpathSync(command)), 'initdb')
    const args = [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-instructions',
    ]
    execFileSync(initdb, durable ? args : [...args, '--no-sync'], { ...user, cwd: '/', stdio: 'pipe' })
  }
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    ...(durable ? [] : FAST),
  ]
  return PrivateServer.start({
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

/** PostgreSQL refuses to run as root: `postgres` where that user exists, else `nobody`. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const entry = ['postgres', 'nobody']
    .map((name) => users.find((fields) => fields[0] === name))
    .find((fields) => fields !== undefined)
  if (entry === undefined) throw new Error('PostgreSQL needs a user other than root: postgres or nobody')
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}
