import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { AppName } from '@runnel/contracts/apps'
import { pause } from '@runnel/runtime'
import { eventually, freePort, spawnApp, startPrivateServices, type ManagedProcess } from '@runnel/testing'

const BEFORE = 'the secret from before, of this test alone'
const NEXT = 'the secret that comes, of this test alone'

/** IDENTITY_SECRET, and the one that is accepted beside it. */
type Secrets = readonly [string, string]

/** The rounds of docs/SECURITY.md, and in turn who is restarted first: the app that signs, or the one that verifies. */
const ROUNDS: readonly (readonly [Secrets, readonly AppName[]])[] = [
  [
    [BEFORE, NEXT],
    ['query-api', 'ingest-api'],
  ],
  [
    [NEXT, BEFORE],
    ['ingest-api', 'query-api'],
  ],
  [
    [NEXT, ''],
    ['query-api', 'ingest-api'],
  ],
]

/** Seven restarts of a process, each of them as long as it may take. */
const RESTARTS_MS = 400_000

/** Forwarded to ingest-api. */
const PATH = '/api/v1/dead-letters'

let services: Awaited<ReturnType<typeof startPrivateServices>>
let key: string
const running = new Map<AppName, ManagedProcess>()
const ports = new Map<AppName, number>()

const start = async (app: AppName, [first, second]: Secrets) => {
  await running.get(app)?.close()
  const env = {
    ...services.urls,
    ...{ AUTH: 'keys', IDENTITY_SECRET: first, IDENTITY_SECRET_SECOND: second },
    ...{ INGEST_API_URL: `http://127.0.0.1:${ports.get('ingest-api')}`, PORT: String(ports.get(app)) },
  }
  running.set(app, await spawnApp(app, env, { waitFor: '/readyz', timeoutMs: RESTARTS_MS }))
}

beforeAll(async () => {
  services = await startPrivateServices()
  for (const app of ['message-dispatcher', 'ingest-api', 'query-api'] as const)
    ports.set(app, await freePort())
  // It makes the first key.
  await start('message-dispatcher', [BEFORE, ''])
  key = await eventually(() => /rnl_[a-z2-7]+_\w+/.exec(running.get('message-dispatcher')!.logs())?.[0])
  await Promise.all((['ingest-api', 'query-api'] as const).map((app) => start(app, [BEFORE, ''])))
}, RESTARTS_MS)
afterAll(async () => {
  await Promise.all([...running.values()].map((each) => each.close()))
  await services[Symbol.asyncDispose]()
})

const ask = async () => {
  const answer = await fetch(running.get('query-api')!.url + PATH, { headers: { 'x-api-key': key } })
  await answer.body?.cancel()
  return answer.status
}

it(
  'IDENTITY_SECRET is rotated app by app: whichever comes first, no request that is forwarded is refused',
  async () => {
    const seen = new Set<number>()
    const stop = new AbortController()
    const load = (async () => {
      // Where an app starts again right now, nothing answers.
      while (!stop.signal.aborted) {
        seen.add(await ask().catch(() => 0))
        await pause(10, stop.signal)
      }
    })()
    for (const [secrets, apps] of ROUNDS)
      for (const app of apps) {
        await start(app, secrets)
        await eventually(async () => (await ask()) === 200)
      }
    stop.abort()
    await load
    expect([...seen]).toContain(200)
    expect([...seen]).not.toContain(401)
    // What was shown is no accident.
    await start('ingest-api', [BEFORE, ''])
    await eventually(async () => (await ask()) === 401)
  },
  RESTARTS_MS,
)
