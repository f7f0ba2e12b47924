import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * `node write-secrets.ts <folder> <folder of apps> [<folder of the user> ...]`, the service init of docker-compose.yaml: gives every
 * installation secrets of its own. The first folder has all of them; what is there stays, unless a variable gives another value. Of
 * the second, each app sees its own folder alone. The further folders are given to the user of the images. Nothing secret is printed.
 */
const SECRET_BYTES = 32
/** The user `node` of the official images. */
const APP_USER = 1000

/** What each app is given of its own: its login at PostgreSQL, and those of the others that it uses. */
const APPS: Readonly<Record<string, readonly ('nats' | 'redis' | 'gateway' | 'snapshot')[]>> = {
  'ingest-api': ['nats', 'snapshot'],
  consumer: ['nats'],
  'query-api': ['nats', 'redis'],
  'message-dispatcher': ['nats', 'redis', 'gateway'],
  'producer-sim': ['gateway'],
}
/** Users of NATS beside the apps, as in accounts.conf. */
const NATS_USERS = ['operator', 'sender']

const [folder = '', appsFolder = '', ...userFolders] = process.argv.slice(2)
if (folder === '' || appsFolder === '')
  throw new Error('Expected the folders that the secrets are written to')

/** The variable that gives a secret, or else the one that was written before, or else a random one. */
function keep(file: string, variable?: string): string {
  const path = join(folder, file)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const secret = (variable && process.env[variable]) || before || randomLetters()
  if (secret !== before) write(path, secret)
  return secret
}

/** Hexadecimal digits as letters: the configuration of NATS takes what begins with a digit for a number. */
function randomLetters(): string {
  return randomBytes(SECRET_BYTES)
    .toString('hex')
    .replaceAll(/[0-9]/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))
}

/** Whole or not at all. For every user: containers have different ones, and each mounts only its own. */
function write(path: string, text: string): void {
  const unfinished = `${path}.new`
  rmSync(unfinished, { force: true })
  writeFileSync(unfinished, text, { mode: 0o444 })
  renameSync(unfinished, path)
}

const shared = {
  identity: keep('identity-secret', 'IDENTITY_SECRET'),
  snapshot: keep('keys-snapshot-secret', 'KEYS_SNAPSHOT_SECRET'),
  gateway: keep('gateway-token', 'GATEWAY_TOKEN'),
  redis: keep('redis-password', 'REDIS_PASSWORD'),
}
const owner = keep('postgres-password', 'POSTGRES_PASSWORD')
write(join(folder, 'database-url'), databaseUrl('runnel', owner))
write(join(folder, 'redis.conf'), `requirepass ${JSON.stringify(shared.redis)}\n`)

const apps = Object.entries(APPS).map(([app, uses]) => ({
  app,
  uses,
  role: `runnel_${app.replaceAll('-', '_')}`,
  database: keep(`database-password-${app}`),
  nats: uses.includes('nats') ? keep(`nats-password-${app}`) : '',
}))
const natsUsers = [
  ...apps.filter(({ nats }) => nats).map(({ app, nats }) => [app, nats] as const),
  ...NATS_USERS.map((user) => [user, keep(`nats-password-${user}`)] as const),
]
const natsVariable = (user: string) => `${user.toUpperCase().replaceAll('-', '_')}_NATS_PASSWORD`
write(join(folder, 'nats.env'), natsUsers.map(([user, text]) => `${natsVariable(user)}=${text}\n`).join(''))
const rolePasswords = apps.map(({ role, database }) => `alter role ${role} password '${database}';\n`)
write(join(folder, 'role-passwords.sql'), rolePasswords.join(''))
for (const { app, uses, role, database, nats } of apps) {
  const own = join(appsFolder, app)
  mkdirSync(own, { recursive: true })
  write(join(own, 'identity-secret'), shared.identity)
  write(join(own, 'database-url'), databaseUrl(role, database))
  if (nats) write(join(own, 'nats-url'), `nats://${app}:${nats}@nats:4222`)
  if (uses.includes('redis'))
    write(join(own, 'redis-url'), `redis://:${encodeURIComponent(shared.redis)}@redis:6379`)
  if (uses.includes('gateway')) write(join(own, 'gateway-token'), shared.gateway)
  if (uses.includes('snapshot')) write(join(own, 'keys-snapshot-secret'), shared.snapshot)
}
for (const each of userFolders) chownSync(each, APP_USER, APP_USER)
console.log(
  'Secrets are written. The admin key is printed once, at the first start: docker compose logs first-keys',
)

function databaseUrl(user: string, password: string): string {
  return `postgres://${user}:${encodeURIComponent(password)}@postgres:5432/runnel`
}
