import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { createEventIds } from '@runnel/contracts'
import { connectPGlite, migrateToLatest } from '@runnel/repositories-database'
import { storeDeadLetters, type DeadLetter } from '@runnel/repositories-events'
import { spawnStandalone, type RunningStandalone } from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DAY_MS = 86_400_000
const START_MS = 300_000

let folder: string
let app: RunningStandalone | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-letters-'))
})

afterEach(async () => {
  await app?.kill('SIGKILL')
  await app?.exited
  rmSync(folder, { recursive: true, force: true })
})

/** As the consumer has left them: events that would be stored today. */
async function leaveLetters(letters: readonly Partial<DeadLetter>[]): Promise<void> {
  const onFatal = (error: unknown) => {
    throw error
  }
  const database = await connectPGlite({ folder, onFatal })
  await migrateToLatest(database)
  const common = { operation: 'upsert', form: 'item', reason: '23514: a constraint that is gone' } as const
  await storeDeadLetters(
    database,
    letters.map(({ kind = 'logs', receivedAtMs = Date.now(), payload = Buffer.from('{}'), ...rest }) => ({
      ...common,
      sourceId: createEventIds(() => receivedAtMs)(),
      kind,
      subject: kind === 'products' ? 'events.products' : kind,
      payload,
      receivedAtMs,
      position: { timeMs: receivedAtMs, tie: 1, index: 0 },
      ...rest,
    })),
  )
  await database.close()
}

it(
  'dead letters of npm start are replayed as the events that they were, and those that fail again wait on',
  async () => {
    const longAgoMs = Date.now() - 40 * DAY_MS
    await leaveLetters([
      { kind: 'metrics', payload: Buffer.from('{"data":{"name":"wrapped","value":1},"value":5}') },
      { receivedAtMs: longAgoMs, payload: Buffer.from('{"message":"forty days"}') },
      { kind: 'products', receivedAtMs: longAgoMs, payload: Buffer.from('{"id":7,"name":"cup","price":1}') },
      { payload: Buffer.from('3'), reason: 'invalid_field: no object' },
    ])
    app = await spawnStandalone(folder)
    const { ingest, query } = app
    const send = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${ingest}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
    const read = async <T>(url: string) => (await (await fetch(url)).json()) as T
    interface Items {
      readonly items: readonly Record<string, unknown>[]
    }
    expect((await send('POST', '/api/v1/products', { id: 7, name: 'cup', price: 2 })).status).toBeLessThan(
      300,
    )
    expect(await send('POST', '/api/v1/dead-letters/replay', {})).toMatchObject({ body: { replayed: 4 } })
    expect(await read(`${query}/api/v1/products/7`)).toMatchObject({ price: 2 })
    expect((await read<Items>(`${query}/api/v1/metrics?name=wrapped`)).items).toMatchObject([{ value: 1 }])
    const range = `from=${new Date(longAgoMs - 1000).toISOString()}&to=${new Date(longAgoMs + 1000).toISOString()}`
    expect((await read<Items>(`${query}/api/v1/logs?${range}`)).items).toMatchObject([
      { message: 'forty days', occurredAt: new Date(longAgoMs).toISOString() },
    ])
    const waiting = await read<Items>(`${ingest}/api/v1/dead-letters?replayed=false`)
    expect(waiting.items).toMatchObject([{ payload: '3', attempts: 2, code: 'invalid_field' }])
    const groups = await read<object>(`${ingest}/api/v1/dead-letters/groups`)
    expect(groups).toMatchObject({ count: 1, groups: [{ kind: 'logs', code: 'invalid_field', count: 1 }] })
    expect(await send('POST', '/api/v1/dead-letters/delete', { count: 2 })).toMatchObject({ status: 409 })
    expect(await send('POST', '/api/v1/dead-letters/delete', { count: 1 })).toMatchObject({
      body: { deleted: 1 },
    })
  },
  START_MS,
)
