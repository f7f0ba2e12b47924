import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * `node write-secrets.ts <folder> [<folder of the apps> ...]`, the service init of docker-compose.yaml: gives every installation secrets
 * of its own. What is in the first folder stays, unless a variable gives another value; the further folders are given to the user of
 * the images. Nothing secret is printed.
 */
const SECRET_BYTES = 32
/** The user `node` of the official images. */
const APP_USER = 1000

const [folder = '', ...appFolders] = process.argv.slice(2)
if (folder === '') throw new Error('Expected the folder that the secrets are written to')

/** The variable that gives a secret, or else the one that was written before, or else a random one. */
function keep(file: string, variable: string): string {
  const path = join(folder, file)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const secret = process.env[variable] || before || randomBytes(SECRET_BYTES).toString('hex')
  if (secret !== before) write(path, secret)
  return secret
}

/** Whole or not at all. For every user: containers have different ones, and only some of them mount the folder. */
function write(path: string, text: string): void {
  const unfinished = `${path}.new`
  rmSync(unfinished, { force: true })
  writeFileSync(unfinished, text, { mode: 0o444 })
  renameSync(unfinished, path)
}

keep('identity-secret', 'IDENTITY_SECRET')
keep('keys-snapshot-secret', 'KEYS_SNAPSHOT_SECRET')
keep('gateway-token', 'GATEWAY_TOKEN')
const password = keep('postgres-password', 'POSTGRES_PASSWORD')
write(join(folder, 'database-url'), `postgres://runnel:${encodeURIComponent(password)}@postgres:5432/runnel`)
for (const each of appFolders) chownSync(each, APP_USER, APP_USER)
console.log(
  'Secrets are written. The admin key is printed once, at the first start: docker compose logs first-keys',
)
