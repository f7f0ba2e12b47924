import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  isExactNumber,
  isJsonObject,
  KINDS,
  writeNumeric,
  type JsonNumber,
  type JsonObject,
  type JsonValue,
  type Kind,
} from '@runnel/contracts'
import { parseText } from '@runnel/json'
import {
  cleanNats,
  createTestDatabase,
  eventually,
  serviceUrls,
  spawnApp,
  testPrefix,
  type ManagedProcess,
  type TestDatabase,
} from '@runnel/testing'
import pg from 'pg'
import { goodEvents, NUMBER } from './good-events.ts'

const PER_KIND: Record<Kind, number> = { logs: 4000, metrics: 3000, products: 2000, traces: 1000 }
const BATCH = 250
const SEED = 20_260_102

const URLS: Record<Kind, string> = {
  logs: '/api/v1/logs',
  metrics: '/api/v1/metrics',
  products: '/api/v1/products',
  traces: '/api/v1/traces',
}

/** The item of a row, as text: the driver's own JSON parsing stays out of it. */
const ITEMS: Record<Kind, string> = {
  logs: 'select data::text as item, null as extra from log',
  metrics: 'select data::text as item, extra::text as extra from metric',
  products: 'select data::text as item, null as extra from product_event',
  traces: 'select data::text as item, null as extra from span',
}

const prefix = testPrefix()
let database: TestDatabase
let client: pg.Client
let apps: ManagedProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const env = {
    DATABASE_URL: database.url,
    NATS_URL: serviceUrls().NATS_URL,
    SUBJECT_PREFIX: prefix,
    LOG_LEVEL: 'warn',
  }
  apps = await Promise.all([spawnApp('ingest-api', env), spawnApp('consumer', env)])
})

afterAll(async () => {
  await client.end()
  expect(await Promise.all(apps.map((app) => app.stop()))).toEqual(
    apps.map(() => ({ code: 0, signal: null })),
  )
  await cleanNats(serviceUrls().NATS_URL, prefix)
  await database.drop()
})

/** POSTs events in batches, by turns as an array, as lines, and the first few one by one. */
async function post(kind: Kind, events: readonly JsonObject[]): Promise<void> {
  const url = apps[0]!.url + URLS[kind]
  const send = async (body: string, type: string, accepted: number | undefined) => {
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } })
    const text = await answer.text()
    if (answer.status !== 202) throw new Error(`${kind}: ${answer.status} ${text.slice(0, 500)}`)
    expect(JSON.parse(text)).toMatchObject({ status: 'ok', ...(accepted && { accepted, rejected: [] }) })
  }
  const singles = events.slice(0, 100)
  await Promise.all(singles.map((event) => send(JSON.stringify(event), 'application/json', undefined)))
  for (let from = singles.length, turn = 0; from < events.length; from += BATCH, turn++) {
    const batch = events.slice(from, from + BATCH)
    if (turn % 2 === 0) await send(JSON.stringify(batch), 'application/json', batch.length)
    else {
      const lines = batch.map((event) => JSON.stringify(event)).join('\n')
      await send(lines, 'application/x-ndjson', batch.length)
    }
  }
}

/** Items as they are stored, put together as they were sent. */
async function stored(kind: Kind): Promise<JsonObject[]> {
  const { rows } = await client.query<{ item: string; extra: string | null }>(ITEMS[kind])
  return rows.map(({ item, extra }) => {
    const data = parseText(item) as JsonObject
    if (kind !== 'metrics') return data
    const beside = extra === null ? {} : (parseText(extra) as JsonObject)
    return Object.fromEntries([...Object.entries(beside), ['data', data]])
  })
}

const isNumber = (value: JsonValue | undefined) => typeof value === 'number' || isExactNumber(value)

/** Equal JSON values: numbers digit by digit with their zeros, in whatever order members stand. 0 equals -0. */
function equal(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (isNumber(one) && isNumber(other))
    return writeNumeric(one as JsonNumber) === writeNumeric(other as JsonNumber)
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, i) => equal(item, other[i]!))
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return one === other
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && equal(one[name]!, other[name]!))
  )
}

const count = async (table: string): Promise<number> => {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`)
  return rows[0]!.count
}

describe('10,000 generated events', () => {
  const sent = Object.fromEntries(
    KINDS.map((kind, i) => [kind, goodEvents(kind, PER_KIND[kind], SEED + i)]),
  ) as Record<Kind, JsonObject[]>

  it('are stored as they were sent, each of them once, and none is dead-lettered', async () => {
    for (const kind of KINDS) await post(kind, sent[kind])
    const tables = { logs: 'log', metrics: 'metric', products: 'product_event', traces: 'span' }
    await eventually(
      async () => {
        const all: number[] = []
        for (const kind of KINDS) all.push(await count(tables[kind]))
        return all.reduce((sum, one) => sum + one, 0) + (await count('dead_letter')) >= 10_000
      },
      { everyMs: 100 },
    )
    expect((await client.query('select reason, payload from dead_letter limit 3')).rows).toEqual([])
    for (const kind of KINDS) {
      const rows = await stored(kind)
      expect(rows).toHaveLength(PER_KIND[kind])
      rows.sort((a, b) => Number(a[NUMBER]) - Number(b[NUMBER]))
      const wrong = rows.findIndex((row, index) => !equal(row, sent[kind][index]))
      if (wrong >= 0) expect(rows[wrong]).toEqual(sent[kind][wrong])
      expect(wrong).toBe(-1)
    }
  })

  it('include what naive code breaks', () => {
    const text = KINDS.map((kind) => JSON.stringify(sent[kind])).join('')
    for (const rare of [
      '"__proto__":',
      '5e-324',
      '1e+308',
      '1.7976931348623157e+308',
      '\\u0001',
      '\u2028',
      'ß'.repeat(500),
    ]) {
      expect([rare, text.includes(rare)]).toEqual([rare, true])
    }
    expect(equal({ a: [1, -0] }, { a: [1, 0] })).toBe(true)
    expect(equal({ a: 1 }, { a: 1, b: null })).toBe(false)
    expect(equal(JSON.parse('{"__proto__":1}') as JsonValue, {})).toBe(false)
  })
})
