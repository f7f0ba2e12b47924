import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { ManagedProcess } from '../managed-process.ts'
import { requireBinary } from './binaries.ts'
import { onPort } from './on-free-ports.ts'
import { startServer } from './start-server.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

/**
 * PgBouncer in transaction mode, before the server and the database of a URL without a password.
 *
 * @param sessions of the server, which its clients share; `ignores`: parameters of clients that it drops, by commas
 * @throws Error when there is no PgBouncer or it does not come up
 */
export function startPgbouncer(
  databaseUrl: string,
  { sessions = 3, ignores = '' } = {},
): Promise<ManagedProcess> {
  return onPort(undefined, (port) => startOn(port, new URL(databaseUrl), { sessions, ignores }))
}

interface Settings {
  readonly sessions: number
  readonly ignores: string
}

function startOn(port: number, target: URL, settings: Settings): Promise<ManagedProcess> {
  const user = unprivilegedUser()
  const folder = mkdtempSync(join(tmpdir(), 'runnel-pgbouncer-'))
  const file = join(folder, 'pgbouncer.ini')
  const users = join(folder, 'users.txt')
  writeFileSync(users, `"${target.username}" ""\n`)
  writeFileSync(file, configurationOf(target, { ...settings, port, users }))
  if (user !== undefined) for (const each of [folder, file, users]) chownSync(each, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const url = new URL(target)
  url.port = String(port)
  return startServer({
    name: 'PgBouncer',
    command: requireBinary('pgbouncer'),
    args: [file],
    url: url.href,
    port,
    user,
    probe,
    temporaryFolder: folder,
    stopSignal: 'SIGINT',
  })
}

function configurationOf(
  target: URL,
  { port, users, sessions, ignores }: Settings & { readonly port: number; readonly users: string },
): string {
  return `[databases]
* = host=${target.hostname} port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
ignore_startup_parameters = ${ignores}
default_pool_size = ${sessions}
max_client_conn = 200
`
}

async function probe(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  await client.end()
}
