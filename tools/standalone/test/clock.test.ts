import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { makePGliteFolder } from '@runnel/repositories-database/testing'
import {
  eventually,
  fakeTime,
  findBinary,
  runIf,
  spawnStandalone,
  type RunningStandalone,
} from '@runnel/testing'
import { rmSync } from 'node:fs'

/** Three starts, each of them as long as it may take. */
const START_THRICE_MS = 900_000
/** One start, on a machine that has much else to do. */
const START_MS = 280_000

let folder: string
let running: RunningStandalone | undefined

beforeEach(async () => {
  folder = await makePGliteFolder()
})

afterEach(async () => {
  await running?.kill('SIGKILL')
  await running?.exited
  running = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Starts it on the folder with its clock set by so much, e.g. `+40d`. */
async function start(by?: string): Promise<RunningStandalone> {
  const started = await spawnStandalone(
    folder,
    { MAINTENANCE_INTERVAL_MS: '1000', ...(by === undefined ? {} : fakeTime(by)) },
    { timeoutMs: START_MS },
  )
  running = started
  await eventually(() => started.logs().includes('Ctrl-C stops it')).catch((cause) => {
    throw new Error(`it did not come up\n${started.logs()}`, { cause })
  })
  return started
}

async function stop(app: RunningStandalone): Promise<void> {
  await app.kill('SIGTERM')
  await app.exited
}

async function store(app: RunningStandalone, route: string, item: object): Promise<void> {
  const response = await fetch(`${app.ingest}${route}?wait=stored`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(item),
  })
  expect(response.status).toBe(200)
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url)
  expect([url, response.status]).toEqual([url, 200])
  return (await response.json()) as T
}

const mine = async (app: RunningStandalone) => {
  const { items } = await get<{ items: { message: string }[] }>(
    `${app.query}/api/v1/logs?service=clock&from=2020-01-01T00:00:00Z&limit=100`,
  )
  return items.map(({ message }) => message).sort()
}

const price = async (app: RunningStandalone) =>
  (await get<{ price: number }>(`${app.query}/api/v1/products/901`)).price

const itFaked = runIf(findBinary('faketime') !== undefined, it, 'faketime is not installed')

itFaked(
  'loses nothing by a start 40 days ahead, and takes price changes once its clock is right',
  async () => {
    let app = await start()
    await store(app, '/api/v1/logs', { service: 'clock', message: 'before' })
    await stop(app)

    app = await start('+40d')
    await store(app, '/api/v1/logs', { service: 'clock', message: 'ahead' })
    await store(app, '/api/v1/products', { id: 901, name: 'pen', price: 1 })
    const { retention } = await get<{ retention: { suspendedBy: string } }>(`${app.query}/api/v1/system`)
    expect(retention.suspendedBy).toBe('jump')
    expect((await fetch(`${app.query}/readyz`)).status).toBe(200)
    expect(await mine(app)).toEqual(['ahead', 'before'])
    await stop(app)

    app = await start()
    await store(app, '/api/v1/products', { id: 901, name: 'pen', price: 2 })
    await eventually(async () => (await price(app)) === 2)
    expect(await mine(app)).toEqual(['ahead', 'before'])
  },
  START_THRICE_MS,
)

itFaked(
  'loses nothing of a start 60 days behind once its clock is right',
  async () => {
    let app = await start('-60d')
    await store(app, '/api/v1/logs', { service: 'clock', message: 'behind' })
    await stop(app)

    app = await start()
    await store(app, '/api/v1/logs', { service: 'clock', message: 'right' })
    // Maintenance has run several times by then.
    await eventually(async () => {
      const { retention } = await get<{ retention: { notes: string[] } }>(`${app.query}/api/v1/system`)
      return retention.notes.some((note) => note.includes('older than RETENTION_DAYS'))
    })
    expect(await mine(app)).toEqual(['behind', 'right'])
  },
  START_THRICE_MS,
)
