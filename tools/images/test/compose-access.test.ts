import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { APP_NAMES } from '@runnel/contracts/apps'
import { requireSafeAccess } from '@runnel/runtime'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readScrapeJobs } from '../src/alerts/read-alert-rules.ts'
import { readCompose } from '../src/read-compose.ts'
import { runInit, withSecretsIn, writeSecrets } from './installed-secrets.ts'
import { importConfig, ROOT } from './workspace.ts'

const compose = readCompose(ROOT)
const SECRETS = [
  'database-url',
  'gateway-token',
  'identity-secret',
  'keys-snapshot-secret',
  'postgres-password',
]

let folder: string
beforeAll(() => {
  folder = writeSecrets(compose)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secretsIn = (where: string) => SECRETS.map((name) => readFileSync(join(where, name), 'utf8'))

test('init writes secrets that every container may read, of this installation alone, and prints none', () => {
  const other = mkdtempSync(join(tmpdir(), 'runnel-secrets-'))
  const printed = runInit(compose.services['init'], other, {})
  const [mine, theirs] = [secretsIn(folder), secretsIn(other)]
  expect(new Set([...mine, ...theirs]).size).toBe(2 * SECRETS.length)
  for (const secret of mine) expect(secret).toMatch(/[0-9a-f]{64}/)
  for (const secret of theirs) expect(printed).not.toContain(secret)
  expect(printed).toContain('docker compose logs first-keys')
  expect(
    readdirSync(other)
      .filter((name) => SECRETS.includes(name))
      .sort(),
  ).toEqual(SECRETS)
  for (const name of SECRETS) expect([name, statSync(join(other, name)).mode & 0o777]).toEqual([name, 0o444])
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
    expect(load({}).access).toMatchObject({ auth: 'keys', identitySecret: secretsIn(folder)[2] })
    expect(load({ AUTH: 'none' }).access.auth).toBe('none')
  },
)

test('who reads secrets has their volume, and starts after init has ended', () => {
  const { services } = compose
  const after = (name: string): string[] =>
    Object.keys(services[name]?.depends_on ?? {}).flatMap((other) => [other, ...after(other)])
  for (const [name, { environment = {}, volumes = [] }] of Object.entries(services)) {
    if (!Object.values(environment).some((value) => value?.startsWith('/run/runnel/'))) continue
    expect([name, volumes]).toEqual([name, expect.arrayContaining(['secrets:/run/runnel:ro'])])
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
