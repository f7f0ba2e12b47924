import { afterAll, expect, test } from '@jest/globals'
import { APP_NAMES, APPS, FAKE_GATEWAY, type Server } from '@runnel/contracts/apps'
import { listSettings, variablesOf, type ConfigError } from '@runnel/runtime'
import { otherValueOf } from '@runnel/testing'
import { Ajv } from 'ajv'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { BlockList } from 'node:net'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readCompose, type ComposeService } from '../src/read-compose.ts'
import { textsOf, withSecretsIn, writeSecrets } from './installed-secrets.ts'
import { importConfig, ROOT } from './workspace.ts'

const secrets = writeSecrets(readCompose(ROOT))
afterAll(() => rmSync(secrets, { recursive: true, force: true }))

/** As docker-compose.yaml is read, with the secrets where this test has them. */
const read = (env: Record<string, string> = {}) => withSecretsIn(readCompose(ROOT, env), secrets)
const compose = read()
const services = Object.entries(compose.services)
const appServices = APP_NAMES.map((app) => [app, compose.services[app] as ComposeService] as const)

/** compose-spec.json of the Compose Specification, as dclint brings it along. */
function composeSchema(): object {
  const folder = dirname(createRequire(import.meta.url).resolve('dclint/package.json'))
  const { $schema: _, ...schema } = JSON.parse(
    readFileSync(join(folder, 'schemas/compose.schema.json'), 'utf8'),
  ) as Record<string, unknown>
  return schema
}

function problems(file: unknown): unknown[] {
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
    composeSchema(),
  )
  validate(file)
  return validate.errors ?? []
}

test('docker-compose.yaml follows the schema of the Compose Specification, as the file of servers does', () => {
  expect(problems(compose)).toEqual([])
  expect(problems(readCompose(ROOT, {}, 'deploy/compose/servers.yaml'))).toEqual([])
})

test('the schema refuses what Compose does not know', () => {
  const nats = { ...compose.services['nats'], helthcheck: {} }
  expect(problems({ ...compose, services: { nats } })).not.toEqual([])
})

test('every app is a service, built as its own image', () => {
  for (const [app, service] of appServices) {
    expect(service.build).toEqual({ context: '.', args: { APP: app } })
    expect(service.image).toBe(`runnel-${app}`)
  }
})

test('no two services build the same image: builds run at once, and the second to export it would fail', () => {
  const built = services.filter(([, { build }]) => build).map(([, { image }]) => image)
  expect(new Set(built).size).toBe(built.length)
})

test('the migration is a command of the consumer, the first keys are made by one of message-dispatcher', () => {
  expect(compose.services['migrate']?.build).toEqual(compose.services['consumer']?.build)
  expect(compose.services['first-keys']?.build).toEqual(compose.services['message-dispatcher']?.build)
})

test.each(APP_NAMES)('%s is given settings that it knows, and every address it needs', async (app) => {
  const { settings, loadConfig } = await importConfig(app)
  const set = compose.services[app]?.environment ?? {}
  const known = listSettings(settings).map(({ setting }) => setting)
  const names = known.flatMap(variablesOf)
  expect(Object.keys(set).filter((name) => !names.includes(name))).toEqual([])
  expect(() => loadConfig(set)).not.toThrow()
  for (const { variable: name, fallback } of known) {
    if (!fallback || !URL.canParse(fallback) || !name.endsWith('_URL')) continue
    // A default on 127.0.0.1 would be the container itself.
    const { hostname } = new URL(textsOf(set)[name] ?? fallback)
    expect([name, Object.keys(compose.services)]).toEqual([name, expect.arrayContaining([hostname])])
  }
})

/** What compose sets otherwise than by default. */
const OTHERS: Readonly<Record<string, string>> = { AUTH: 'none', PRIVATE_NETWORK: '0' }

/** Where an app of compose listens and what it finds there: moved by variables of docker-compose.yaml itself. */
const FIXED =
  /^(HOST|PORT|IDENTITY_SECRET|KEYS_SNAPSHOT_(FILE|SECRET)|GATEWAY_TOKEN|GATEWAY_PORT|ALLOWED_HOSTS|(NATS|DATABASE|REDIS|INGEST_API|CONSUMER|MESSAGE_DISPATCHER|PRODUCER_SIM|QUERY_API)_URL)$/

test.each(APP_NAMES)('%s is given every setting of .env or the shell, by both of its names', async (app) => {
  const { settings, loadConfig } = await importConfig(app)
  /** Of files that belong together, one by itself arrives as a sentence about it. */
  const configOf = (env: Record<string, string>) => {
    try {
      return loadConfig(read(env).services[app]?.environment ?? {})
    } catch (error) {
      return (error as ConfigError).problems
    }
  }
  const defaults = configOf({})
  for (const { setting } of listSettings(settings)) {
    const { variable, appVariable = variable } = setting
    if (FIXED.test(variable)) continue
    const text = OTHERS[variable] ?? otherValueOf(setting)
    const [byShared, byOwn] = [configOf({ [variable]: text }), configOf({ [appVariable]: text })]
    expect([variable, isDeepStrictEqual(byShared, defaults)]).toEqual([variable, false])
    expect([appVariable, byOwn]).toEqual([appVariable, byShared])
  }
})

test.each(APP_NAMES)('%s answers under the name of its service, by which others ask for it', (app) => {
  expect(compose.services[app]?.environment?.['ALLOWED_HOSTS']?.split(',')).toContain(app)
})

const inNetwork = (network: string, address: string) => {
  const [base = '', bits = ''] = network.split('/')
  const list = new BlockList()
  list.addSubnet(base, Number(bits))
  return list.check(address)
}

test.each([
  ['by default', {}],
  [
    'moved',
    { QUERY_API_ADDRESS: '10.9.0.5', RUNNEL_SUBNET: '10.9.0.0/16', RUNNEL_IP_RANGE: '10.9.128.0/17' },
  ],
])(
  'what query-api forwards counts for the people behind it, who are not its address (%s)',
  async (_, env) => {
    const { services, networks } = read(env)
    const address = services['query-api']!.networks!['default']!.ipv4_address!
    const [{ subnet, ip_range: given } = { subnet: '', ip_range: '' }] = networks['default']!.ipam.config
    // Another container that happened to get it would be believed, and query-api could not start.
    expect([inNetwork(subnet, address), inNetwork(given, address)]).toEqual([true, false])
    for (const app of ['ingest-api', 'message-dispatcher'] as const) {
      const { loadConfig } = await importConfig(app)
      const { http } = loadConfig(services[app]!.environment!)
      expect([app, http.trustedProxies]).toEqual([app, [address]])
    }
  },
)

/** The services of docker-compose.yaml that are the servers. */
const SERVERS: Readonly<Record<Server, string>> = { postgres: 'postgres', broker: 'nats', redis: 'redis' }

test.each(APP_NAMES)('%s is given the address of each server that it needs, and of no other', (app) => {
  const { needs } = APPS[app]
  const servers = Object.entries(SERVERS).filter(([server]) => needs.some((need) => need === server))
  const texts = Object.values(textsOf(compose.services[app]?.environment ?? {}))
  const addressed = Object.values(SERVERS).filter((service) =>
    texts.some((text) => URL.canParse(text) && new URL(text).hostname === service),
  )
  expect(addressed.sort()).toEqual(servers.map(([, service]) => service).sort())
})

test('ports are those of the apps, on this machine alone, and leave consumers free to be many', async () => {
  for (const [app, { ports, environment }] of appServices) {
    const { port, gateway } = (await importConfig(app)).loadConfig(environment ?? {})
    expect([app, port]).toEqual([app, APPS[app].port])
    if (gateway) expect([app, gateway.port]).toEqual([FAKE_GATEWAY.app, FAKE_GATEWAY.port])
    const published = [port, ...(gateway ? [gateway.port] : [])].map((each) => `127.0.0.1:${each}:${each}`)
    expect(ports).toEqual(APPS[app].published ? published : undefined)
  }
  for (const [, { ports = [], container_name: name }] of services) {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    expect(name).toBeUndefined()
  }
  const published = services.flatMap(([, { ports = [] }]) => ports)
  expect(new Set(published).size).toBe(published.length)
})

test('a drain has more time than the app takes, and a dead process comes back', async () => {
  for (const [app, service] of appServices) {
    const { shutdownMs } = (await importConfig(app)).loadConfig(service.environment ?? {})
    expect(service.stop_grace_period).toMatch(/^\d+s$/)
    expect(parseInt(service.stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(shutdownMs)
    expect(service.restart).toBe('unless-stopped')
  }
})

test('who waits for whom: services that exist, health checks that are there, a migration that ends', () => {
  for (const [name, { depends_on: needs = {} }] of services)
    for (const [other, { condition }] of Object.entries(needs)) {
      const service = compose.services[other]
      expect([name, other, service]).not.toContain(undefined)
      if (condition === 'service_completed_successfully') expect(service?.restart).toBe('no')
      else expect(service?.healthcheck?.test ?? service?.build).toBeDefined()
    }
  for (const reader of ['consumer', 'query-api', 'first-keys'])
    expect(compose.services[reader]?.depends_on).toMatchObject({
      roles: { condition: 'service_completed_successfully' },
    })
  expect(compose.services['roles']?.depends_on).toEqual({
    migrate: { condition: 'service_completed_successfully' },
  })
  expect(compose.services['migrate']?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } })
})

test('the services of npm run dev start without the apps and without a build, on ports that can be moved', () => {
  const variables = { postgres: 'POSTGRES_PORT', nats: 'NATS_PORT', redis: 'REDIS_PORT' }
  for (const [name, variable] of Object.entries(variables)) {
    for (const file of ['docker-compose.yaml', 'deploy/compose/servers.yaml']) {
      const moved = readCompose(ROOT, { [variable]: '12345' }, file).services[name]
      expect([file, moved?.build]).toEqual([file, undefined])
      expect(moved?.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:12345:\d+$/)])
    }
  }
})

test('files that containers read are there, and what has to last is on volumes', () => {
  const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')))
  for (const [source = ''] of mounts)
    if (source.startsWith('.')) expect([source, existsSync(join(ROOT, source))]).toEqual([source, true])
  expect(compose.services['init']?.build).toBeUndefined()
  const named = mounts.map(([source = '']) => source).filter((source) => !source.startsWith('.'))
  expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes).sort())
})

test('NATS syncs every confirmed message to disk', () => {
  for (const file of ['deploy/nats/nats.conf', 'deploy/nats/secure.conf'])
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(/^\s*sync_interval: always$/m)
})

test('every container has limits of memory and processes, and no capability that it does not name', () => {
  for (const [name, { mem_limit: memory, pids_limit: processes, cap_drop: dropped, ...rest }] of services) {
    expect([name, memory]).toEqual([name, expect.stringMatching(/^\d+[mg]$/)])
    expect([name, processes, dropped]).toEqual([name, 256, ['ALL']])
    expect([name, rest.security_opt]).toEqual([name, ['no-new-privileges:true']])
  }
  const added = services.filter(([, { cap_add: capabilities }]) => capabilities).map(([name]) => name)
  expect(added.sort()).toEqual(['init', 'postgres', 'redis'])
})
