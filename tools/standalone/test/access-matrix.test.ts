import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ROLES, SCOPES, SCOPES_OF_ROLE, type Scope } from '@runnel/contracts'
import { APP_NAMES, APPS, FAKE_GATEWAY, portVariable, type AppName } from '@runnel/contracts/apps'
import {
  createSignFor,
  declaredRoutes,
  type HttpServer,
  type Principal,
  type RouteAccess,
} from '@runnel/http'
import { beginSession } from '@runnel/repositories-access'
import { connectPGlite, migrateToLatest } from '@runnel/repositories-database'
import { CleanupStack } from '@runnel/runtime'
import { freePort, workspaceRoot } from '@runnel/testing'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, startStandalone } from '../src/index.ts'
import { urlOf } from '../src/url-of.ts'

const SECRET = 'a secret of the apps that is long enough'
/** The tests are also a proxy that names people. */
const PROXY = { FORWARDED_USER_NETWORKS: '127.0.0.0/8', FORWARDED_USER_ROLE: 'admin' }
/** People sign in at a provider, which nothing here asks, or with accounts of Runnel's own. */
const PEOPLE = {
  ...{ PUBLIC_URL: 'http://localhost:8000', LOCAL_ACCOUNTS: '1' },
  ...{ OIDC_ISSUER: 'http://127.0.0.1:9/provider', OIDC_CLIENT_ID: 'runnel', OIDC_ROLES_ADMIN: 'boss' },
}
const START_MS = 300_000
const MATRIX_MS = 300_000
/** Requests under way at a time. */
const PARALLEL = 8

const folder = mkdtempSync(join(tmpdir(), 'runnel-access-'))
const cleanup = new CleanupStack()
let apps: ReadonlyMap<AppName, HttpServer>
let urls: ReadonlyMap<AppName, string>

beforeAll(async () => {
  const env: Record<string, string> = { RUNNEL_DATA_DIR: folder, AUTH: 'keys', IDENTITY_SECRET: SECRET }
  for (const variable of [...APP_NAMES.map(portVariable), FAKE_GATEWAY.portVariable])
    env[variable] = String(await freePort())
  await beginSessions(folder)
  const config = loadConfig({ ...env, LOG_LEVEL: 'fatal', ...PROXY, ...PEOPLE })
  apps = await startStandalone(config, cleanup)
  urls = new Map(APP_NAMES.map((app) => [app, urlOf(config, app)]))
}, START_MS)

afterAll(async () => {
  await cleanup.close()
  rmSync(folder, { recursive: true, force: true })
}, START_MS)

/** One request of the matrix. `through`: the app that is asked, which may forward it to the one whose route it is. */
interface Route {
  readonly through: AppName
  readonly method: string
  readonly url: string
  readonly access: RouteAccess
}

interface Caller {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** What the browser of a person has from query-api; others have the identity of a key. */
  readonly session?: string
}

/** What needs no credentials; each further one is a decision. */
const PUBLIC = ['/healthz', '/readyz']
const PUBLIC_OF_APP: Readonly<Partial<Record<AppName, readonly string[]>>> = {
  'query-api': [
    ...['/api/v1/me', '/console', '/console/', '/console/index.html'],
    ...['/assets/icon.svg', '/assets/products.js', '/assets/style.css', '/assets/theme.js'],
    ...['/unsubscribe', '/unsubscribe/index.html'],
    ...['/auth/login', '/auth/callback', '/auth/logout', '/auth/signed-out', '/auth/backchannel-logout'],
    '/sign-in',
  ],
  // The question of a WebHook's sender whether it may deliver comes before any key; load balancers ask Splunk's for its health, and
  // clients of InfluxDB whether it is there.
  'ingest-api': [
    ...['/cloudevents', '/services/collector/health', '/services/collector/health/1.0'],
    ...['/ping', '/health'],
  ],
  // The link itself is what its holder proves.
  'message-dispatcher': ['/unsubscribe/1'],
}

const CALLERS: readonly Caller[] = [
  ...SCOPES.map((scope) => ({ name: `a key with ${scope}`, scopes: [scope] })),
  ...ROLES.map((role) => ({ name: `the role ${role}`, scopes: SCOPES_OF_ROLE[role] })),
  ...ROLES.map((role) => ({
    ...{ name: `a session of ${role}`, scopes: SCOPES_OF_ROLE[role] },
    session: randomBytes(32).toString('base64url'),
  })),
]

/** As if each of the callers with a session had signed in. */
async function beginSessions(dataDir: string): Promise<void> {
  const onFatal = (error: unknown): never => {
    throw error
  }
  const database = await connectPGlite({ folder: dataDir, onFatal })
  await migrateToLatest(database)
  for (const [n, role] of ROLES.entries()) {
    const { session = '' } = CALLERS.find(({ name }) => name === `a session of ${role}`)!
    const sha256 = createHash('sha256').update(session).digest()
    const person = { issuer: PEOPLE.OIDC_ISSUER, personId: role, name: `${role} by session`, roles: [role] }
    const browser = { providerSession: null, userAgent: 'a browser', address: '127.0.0.1' }
    const limits = { idleMs: 3_600_000, absoluteMs: 3_600_000, ofPerson: 5 }
    await beginSession(database, { id: `session-${n}`, sha256, ...person, ...browser }, limits)
  }
  await database.close()
}

const SIGN_OUT = '/auth/logout'

const ACCESS = {
  ...({ auth: 'keys', app: 'query-api', identitySecret: SECRET } as const),
  forwardedUser: { networks: [], secret: '', role: 'viewer' } as const,
}

const signFor = createSignFor(ACCESS)

/** Whatever query-api forwards is asked there too: its own routes for that say nothing about scopes. */
function routesOf(app: AppName): Route[] {
  const prefixes: readonly string[] = APPS[app].forwardedRoutes
  const forwarding = APP_NAMES.flatMap((name): readonly string[] => APPS[name].forwardedRoutes)
  return declaredRoutes(apps.get(app)!).flatMap(({ method, url, access }) => {
    if (app === 'query-api' && access === 'signed-in' && isBelow(url, forwarding)) return []
    const route = { method, url: url.replace(/:\w+/g, '1').replace('*', 'index.html'), access }
    const own = { ...route, through: app }
    return isBelow(url, prefixes) ? [own, { ...route, through: 'query-api' as const }] : [own]
  })
}

function isBelow(url: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`))
}

function principalOf({ name, scopes }: Caller): Principal {
  return { kind: 'key', id: 'matrix', name, scopes: new Set(scopes), isTest: false, namespace: '' }
}

/** @param caller undefined: no credentials */
function proofOf(caller: Caller | undefined, target: Pick<Route, 'through' | 'method' | 'url'>) {
  if (caller === undefined) return {}
  if (caller.session !== undefined) return { cookie: `__Host-runnel-session=${caller.session}` }
  const { through, method, url } = target
  return signFor(principalOf(caller), { app: through, method, url })
}

/** @returns the status; what follows it is not waited for */
async function statusOf(route: Route, caller: Caller | undefined): Promise<number> {
  const { through, method, url } = route
  const abort = new AbortController()
  const response = await fetch(urls.get(through)! + url, {
    method,
    headers: proofOf(caller, route),
    redirect: 'manual',
    signal: abort.signal,
  })
  abort.abort()
  return response.status
}

/** Ending a session takes `keys:write`, or a session of one's own. */
const END_SESSION = '/api/v1/sessions/1'

function expectedOf({ access, through, url }: Route, caller: Caller | undefined): 401 | 403 | 'let through' {
  if (access === 'public') return 'let through'
  if (caller === undefined) return 401
  // Its cookie is worth nothing at any other port.
  if (caller.session !== undefined && through !== 'query-api') return 401
  if (url === END_SESSION && caller.session === undefined)
    return caller.scopes.includes('keys:write') ? 'let through' : 403
  if (access === 'signed-in') return 'let through'
  const needed = [access].flat() as Scope[]
  return needed.every((scope) => caller.scopes.includes(scope)) ? 'let through' : 403
}

async function wrongOf(routes: readonly Route[], caller: Caller | undefined): Promise<string[]> {
  const wrong: string[] = []
  for (let at = 0; at < routes.length; at += PARALLEL)
    await Promise.all(
      routes.slice(at, at + PARALLEL).map(async (route) => {
        const status = await statusOf(route, caller)
        const expected = expectedOf(route, caller)
        const seen = status === 401 || status === 403 ? status : 'let through'
        if (seen !== expected || status === 500)
          wrong.push(`${route.through} ${route.method} ${route.url}: ${status}, not ${expected}`)
      }),
    )
  return wrong
}

/** The routes that docs/SECURITY.md lists as open to everybody; `*` at the end stands for the rest of an address. */
function readPublicRoutes(): string[] {
  const text = readFileSync(join(workspaceRoot, 'docs/SECURITY.md'), 'utf8')
  const [, section = ''] = text.split('### Without credentials\n')
  const [rows = ''] = section.split('\n#')
  return [...rows.matchAll(/^\|[^|]+\|([^|]+)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\/[^`]+)`/g)].map(([, route = '']) => route),
  )
}

function isNamed(url: string, name: string): boolean {
  return name.endsWith('*') ? url.startsWith(name.slice(0, -1)) : url === name
}

describe('every route of every app', () => {
  it.each(APP_NAMES)(
    '%s: lets nobody without credentials through, but for what is public',
    async (app) => {
      const routes = routesOf(app)
      expect(routes.length).toBeGreaterThan(5)
      expect(await wrongOf(routes, undefined)).toEqual([])
      const open = routes.filter(({ access }) => access === 'public').map(({ url }) => url)
      expect([...new Set(open)].sort()).toEqual([...PUBLIC, ...(PUBLIC_OF_APP[app] ?? [])].sort())
    },
    MATRIX_MS,
  )

  it.each(APP_NAMES)(
    '%s: lets a caller through to what its scopes allow and to nothing else, forwarded or not',
    async (app) => {
      const routes = routesOf(app)
      for (const caller of CALLERS) {
        // What ends the session is asked below.
        const asked = caller.session ? routes.filter(({ url }) => url !== SIGN_OUT) : routes
        expect([caller.name, await wrongOf(asked, caller)]).toEqual([caller.name, []])
      }
    },
    MATRIX_MS,
  )

  it('stands in docs/SECURITY.md where it is public, and nothing else stands there', () => {
    const open = APP_NAMES.flatMap(routesOf).flatMap(({ access, url }) => (access === 'public' ? [url] : []))
    const named = readPublicRoutes()
    expect(open.filter((url) => !named.some((name) => isNamed(url, name)))).toEqual([])
    expect(named.filter((name) => !open.some((url) => isNamed(url, name)))).toEqual([])
  })

  it('notes in the audit who acted, through forwarding too, and whatever the headers say', async () => {
    const create = async (through: AppName, phone: string, caller?: Caller) => {
      const url = '/api/v1/clients'
      const proof = proofOf(caller, { through, method: 'POST', url })
      const answer = await fetch(urls.get(through)! + url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-user': 'ann', ...proof },
        body: JSON.stringify({ phone, timeZone: 'UTC' }),
      })
      expect(answer.status).toBe(201)
    }
    const key: Caller = { name: 'importer', scopes: ['clients:write'] }
    await create('query-api', '+79161230001')
    await create('query-api', '+79161230002', key)
    await create('message-dispatcher', '+79161230003', key)
    // The network is that of a believed proxy: a session counts before what that says.
    await create(
      'query-api',
      '+79161230004',
      CALLERS.find(({ name }) => name === 'a session of sender'),
    )
    const audit = await fetch(`${urls.get('query-api')}/api/v1/audit?limit=4`, {
      headers: { 'x-forwarded-user': 'ann' },
    })
    const { items } = (await audit.json()) as { items: { actor: string }[] }
    expect(items.map(({ actor }) => actor)).toEqual([
      ...['sender by session', 'importer (key matrix)', 'importer (key matrix)', 'ann'],
    ])
  })

  it('takes an identity from apps alone: one that a person makes up opens nothing', async () => {
    const target = { through: 'message-dispatcher', method: 'GET', url: '/api/v1/clients' } as const
    const { name, session } = CALLERS.find((caller) => caller.name === 'a session of viewer')!
    const admin = { name: 'made up', scopes: SCOPES }
    const forged = createSignFor({ ...ACCESS, identitySecret: 'another secret' })
    const identity = forged(principalOf(admin), { app: target.through, method: 'GET', url: target.url })
    expect(
      await statusOf({ ...target, access: 'clients:read' }, { name, scopes: [], session: session! }),
    ).toBe(401)
    for (const app of ['query-api', 'message-dispatcher'] as const) {
      const headers = { ...identity, cookie: `__Host-runnel-session=${session}` }
      expect((await fetch(urls.get(app)! + target.url, { headers })).status).toBe(401)
    }
  })

  it('is closed to a session that has signed out', async () => {
    const caller = CALLERS.find(({ name }) => name === 'a session of operator')!
    const read = {
      through: 'query-api',
      method: 'GET',
      url: '/api/v1/clients',
      access: 'clients:read',
    } as const
    expect(await statusOf(read, caller)).toBe(200)
    await statusOf({ ...read, method: 'POST', url: SIGN_OUT }, caller)
    expect(await statusOf(read, caller)).toBe(401)
  })

  it('is reached by at least one caller for each scope', () => {
    const used = new Set(APP_NAMES.flatMap(routesOf).flatMap(({ access }) => access))
    expect(SCOPES.filter((scope) => !used.has(scope))).toEqual([])
  })
})
