import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { APP_NAMES, APPS, type AppName } from '@runnel/contracts/apps'
import { requireSafeAccess } from '@runnel/runtime'
import { eventually, findBinary, freePort, runIf } from '@runnel/testing'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readScrapeJobs } from '../src/alerts/read-alert-rules.ts'
import { readCompose } from '../src/read-compose.ts'
import { runInit, secretsOf, withSecretsIn, writeSecrets } from './installed-secrets.ts'
import { importConfig, ROOT } from './workspace.ts'

const compose = readCompose(ROOT)
const usesNats = (app: AppName) => APPS[app].needs.some((server) => server === 'broker')
/** Each another one; what is made of them stands beside them. */
const SECRETS = [
  ...['gateway-token', 'identity-secret', 'keys-snapshot-secret', 'postgres-password', 'redis-password'],
  ...APP_NAMES.map((app) => `database-password-${app}`),
  ...APP_NAMES.filter(usesNats).map((app) => `nats-password-${app}`),
  ...['nats-password-operator', 'nats-password-sender'],
]

let folder: string
beforeAll(() => {
  folder = writeSecrets(compose)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secretOf = (name: string, where = folder) => readFileSync(join(where, name), 'utf8')
const secretsIn = (where: string) => SECRETS.map((name) => secretOf(name, where))

test('init writes secrets that every container may read, of this installation alone, and prints none', () => {
  const other = mkdtempSync(join(tmpdir(), 'runnel-secrets-'))
  const printed = runInit(compose.services['init'], other, {})
  const [mine, theirs] = [secretsIn(folder), secretsIn(other)]
  expect(new Set([...mine, ...theirs]).size).toBe(2 * SECRETS.length)
  // NATS takes what begins with a digit for a number.
  for (const secret of mine) expect(secret).toMatch(/^[a-p]{64}$/)
  for (const secret of theirs) expect(printed).not.toContain(secret)
  expect(printed).toContain('docker compose logs first-keys')
  const files = readdirSync(other, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { parentPath, name } of files)
    expect([name, statSync(join(parentPath, name)).mode & 0o777]).toEqual([name, 0o444])
  rmSync(other, { recursive: true })
})

test('init keeps what is there, but for what a variable gives', () => {
  const before = secretsIn(folder)
  writeSecrets(compose, { folder })
  expect(secretsIn(folder)).toEqual(before)
  const other = writeSecrets(compose, { env: { POSTGRES_PASSWORD: 'a/b@c' } })
  expect(readFileSync(join(other, 'postgres-password'), 'utf8')).toBe('a/b@c')
  const url = new URL(readFileSync(join(other, 'database-url'), 'utf8'))
  expect([decodeURIComponent(url.password), url.host]).toEqual(['a/b@c', 'postgres:5432'])
  rmSync(other, { recursive: true })
})

test.each(APP_NAMES)(
  '%s starts in its container with access control, and not with an old password',
  async (app) => {
    const { settings, loadConfig } = await importConfig(app)
    const load = (env: Record<string, string>) => {
      const { environment = {} } = withSecretsIn(readCompose(ROOT, env), folder).services[app] ?? {}
      return requireSafeAccess(loadConfig({ ...environment, HOST: '0.0.0.0' }), settings)
    }
    expect(load({}).access).toMatchObject({ auth: 'keys', identitySecret: secretOf('identity-secret') })
    expect(load({ AUTH: 'none' }).access.auth).toBe('none')
  },
)

test('who reads secrets has their volume, and starts after init has ended', () => {
  const { services } = compose
  const after = (name: string): string[] =>
    Object.keys(services[name]?.depends_on ?? {}).flatMap((other) => [other, ...after(other)])
  for (const [name, { environment = {}, volumes = [] }] of Object.entries(services)) {
    if (!Object.values(environment).some((value) => value?.startsWith('/run/runnel/'))) continue
    // An app sees what is its own, and nothing of the others.
    const volume = APP_NAMES.some((app) => app === name) ? `secrets-${name}` : 'secrets'
    expect([name, volumes]).toEqual([name, expect.arrayContaining([`${volume}:/run/runnel:ro`])])
    expect([name, volumes.filter((text) => text.includes('secrets')).length]).toEqual([name, 1])
    expect([name, after(name)]).toEqual([name, expect.arrayContaining(['init'])])
  }
  expect(services['ingest-api']?.volumes).toContain('snapshot:/var/lib/runnel')
})

test('Prometheus scrapes every app with the key that first-keys writes', () => {
  const { 'first-keys': keys, prometheus } = compose.services
  const [, , file = ''] = keys?.command ?? []
  for (const job of readScrapeJobs(ROOT).filter(({ job_name: name }) => name !== 'prometheus'))
    expect([job.job_name, job.authorization]).toEqual([job.job_name, { credentials_file: file }])
  expect(file).toMatch(/^\/run\/scrape\//)
  expect([keys?.volumes, prometheus?.volumes]).toEqual([
    expect.arrayContaining(['scrape:/run/scrape']),
    expect.arrayContaining(['scrape:/run/scrape:ro']),
  ])
  expect(prometheus?.depends_on).toEqual({ 'first-keys': { condition: 'service_completed_successfully' } })
})

test('each app has a login of its own at PostgreSQL and NATS, whose password the servers are given', () => {
  const natsEnvironment = secretOf('nats.env')
  const rolePasswords = secretOf('role-passwords.sql')
  for (const app of APP_NAMES) {
    const own = secretsOf(compose.services[app]!, folder).folder
    const { username, password, host } = new URL(secretOf('database-url', own))
    expect([username, host]).toEqual([`runnel_${app.replaceAll('-', '_')}`, 'postgres:5432'])
    expect(rolePasswords).toContain(`alter role ${username} password '${password}';`)
    expect(readFileSync(join(ROOT, 'deploy/postgres/roles.sql'), 'utf8')).toContain(`'${username}'`)
    if (!usesNats(app)) continue
    const nats = new URL(secretOf('nats-url', own))
    expect([nats.username, nats.host]).toEqual([app, 'nats:4222'])
    expect(natsEnvironment).toContain(
      `${app.toUpperCase().replaceAll('-', '_')}_NATS_PASSWORD=${nats.password}\n`,
    )
  }
  const { volumes = [], entrypoint = [] } = compose.services['roles']!
  expect(volumes).toContain('./deploy/postgres/roles.sql:/roles.sql:ro')
  expect(entrypoint.at(-1)).toContain('-f /roles.sql -f /run/runnel/role-passwords.sql')
})

const inFolder = (text: string) => text.replaceAll('/run/runnel', folder).replaceAll('$$', '$')

const natsServer = findBinary('nats-server')
runIf(
  natsServer !== undefined,
  test,
  'nats-server is not installed',
)('NATS takes its configuration with the passwords that init made', () => {
  const { entrypoint = [] } = compose.services['nats']!
  const [shell = '', option = '', script = ''] = entrypoint
  // Without what nats-server 2.9 does not know, which may be the one here.
  const config = readFileSync(join(ROOT, 'deploy/nats/secure.conf'), 'utf8').replace(
    /^.*sync_interval.*$/m,
    '',
  )
  writeFileSync(join(folder, 'secure.conf'), config)
  copyFileSync(join(ROOT, 'deploy/nats/accounts.conf'), join(folder, 'accounts.conf'))
  // -t checks a configuration, variables included, and ends.
  const command = inFolder(script).replace('nats-server', `${natsServer} -t`).replace('/etc/nats', folder)
  const checked = spawnSync(shell, [option, command], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } })
  expect(checked.stderr + checked.stdout).toMatch(/is valid/)
})

const redisServer = findBinary('redis-server')
const redisCli = findBinary('redis-cli')
runIf(
  redisServer !== undefined && redisCli !== undefined,
  test,
  'Redis is not installed',
)('Redis asks for its password, which the health check and the apps have', async () => {
  const port = await freePort()
  const { command = [], healthcheck } = compose.services['redis']!
  const [, ...given] = command.map(inFolder)
  const server = spawn(redisServer!, [...given, '--port', String(port)], { stdio: 'ignore' })
  const ended = once(server, 'exit')
  try {
    const check = (healthcheck?.test ?? [])[1] ?? ''
    const ask = (text: string) =>
      spawnSync('sh', ['-c', inFolder(text).replace('redis-cli', `${redisCli} -p ${port}`)])
    await eventually(() => ask(check).status === 0)
    expect(String(ask('redis-cli ping').stdout)).toContain('NOAUTH')
    const url = new URL(secretOf('redis-url', secretsOf(compose.services['query-api']!, folder).folder))
    expect(decodeURIComponent(url.password)).toBe(secretOf('redis-password'))
  } finally {
    server.kill()
    await ended
  }
})
