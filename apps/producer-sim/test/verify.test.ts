import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEventIds, eventTimeMs, KINDS, type JsonObject, type Kind } from '@runnel/contracts'
import { connectDatabase, type Database, ensurePartitions } from '@runnel/repositories-database'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLedger } from '../src/ledger/open-ledger.ts'
import { createPayload, type PayloadSeed } from '../src/load/create-payload.ts'
import { openSource } from '../src/sources/open-source.ts'
import type { Findings } from '../src/verify/findings.ts'
import { ownSamples } from './data-samples.ts'
import { runCommand } from './run-command.ts'
import { temporaryFolder } from './temporary-folder.ts'

const nextId = createEventIds()
let server: TestDatabase
let db: Database

beforeAll(async () => {
  server = await createTestDatabase()
  db = connectDatabase({ url: server.url, applicationName: 'test', poolSize: 2, statementTimeoutMs: 10_000 })
  await ensurePartitions(db, [Date.now()])
})

afterAll(async () => {
  await db?.close()
  await server?.drop()
})

/** Stores an item the way the consumer does; returns the row's id. */
async function store(kind: Kind, item: JsonObject, id = nextId()): Promise<string> {
  const at = new Date(eventTimeMs(id))
  if (kind === 'logs') {
    await sql`insert into log (id, received_at, occurred_at, data) values (${id}, ${at}, ${at}, ${JSON.stringify(item)})`.execute(
      db.kysely,
    )
  } else if (kind === 'products') {
    await sql`insert into product_event (id, received_at, op, data) values (${id}, ${at}, 'upsert', ${JSON.stringify(item)})`.execute(
      db.kysely,
    )
  } else if (kind === 'traces') {
    const { traceId, spanId } = item as { traceId: string; spanId: string }
    await sql`insert into span (id, received_at, started_at, duration_ns, trace_id, span_id, service, name, kind, status, data)
      values (${id}, ${at}, ${at}, 0, ${traceId}, ${spanId}, 's', 'n', 'server', 'ok', ${JSON.stringify(item)})`.execute(
      db.kysely,
    )
  } else {
    const { data, ...extra } = item
    const rest = Object.keys(extra).length > 0 ? JSON.stringify(extra) : null
    await sql`insert into metric (id, received_at, occurred_at, name, data, extra)
      values (${id}, ${at}, ${at}, 'm', ${JSON.stringify(data)}, ${rest})`.execute(db.kysely)
  }
  return id
}

async function storeDeadLetter(kind: Kind, payload: string): Promise<void> {
  await sql`insert into dead_letter (source_id, kind, subject, payload, reason, operation, first_failed_at, last_failed_at, attempts)
    values (${nextId()}, ${kind}, 's', ${Buffer.from(payload)}, 'r', 'upsert', now(), now(), 1)`.execute(
    db.kysely,
  )
}

async function verify(args: readonly string[], settle = '0') {
  const result = await runCommand(['verify', '--json', '--settle', settle, ...args], {
    env: { DATABASE_URL: server.url },
  })
  const report = JSON.parse(result.out || '{}') as { sound: boolean; findings: Findings[]; notes: string[] }
  return { ...result, ...report, only: report.findings?.[0] as Findings }
}

let runs = 0

/** A ledger that says that events 0 to count - 1 were acknowledged. */
async function acknowledged(kind: Kind, count: number, keyed = false) {
  const seed: PayloadSeed = { run: `run-${++runs}`, seed: runs, keyed }
  const folder = await temporaryFolder()
  const ledger = await openLedger(folder.path('l'))
  await ledger.append({ type: 'run', ...seed, payloadVersion: 2, startedAt: Date.now() })
  await ledger.append({ type: 'ack', run: seed.run, kind, from: 0, count, status: 202, attempts: 1, at: 0 })
  await ledger.close()
  const payload = (seq: number) => createPayload(seed, kind, seq)
  return {
    payload,
    run: seed.run,
    args: ['--ledger', folder.path('l')],
    path: folder.path('l'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

describe('verify --ledger', () => {
  it.each(KINDS)('is green when every one of the %s is stored once, in pages too', async (kind) => {
    await using ledger = await acknowledged(kind, 1201, kind === 'metrics')
    for (let seq = 0; seq < 1201; seq++) await store(kind, ledger.payload(seq))
    const { code, sound, only } = await verify(ledger.args)
    expect({ code, sound }).toEqual({ code: 0, sound: true })
    expect(only).toMatchObject({
      kind,
      acknowledged: 1201,
      stored: 1201,
      duplicates: 0,
      unacknowledged: { count: 0 },
    })
  })

  it('is red for what was lost, and names it', async () => {
    await using ledger = await acknowledged('logs', 3)
    await store('logs', ledger.payload(0))
    const { code, only } = await verify(ledger.args)
    expect(code).toBe(1)
    expect(only.lost).toEqual({ count: 2, examples: ['seq 1', 'seq 2'] })
  })

  it('is red for what was doubled', async () => {
    await using ledger = await acknowledged('metrics', 2)
    for (const seq of [0, 1, 1, 1]) await store('metrics', ledger.payload(seq))
    const { code, only } = await verify(ledger.args)
    expect(code).toBe(1)
    expect(only.doubled).toEqual({ count: 2, examples: ['seq 1'] })
    expect(only.lost.count).toBe(0)
  })

  it.each(KINDS)('is red for the smallest change in %s: a member, a number, a type', async (kind) => {
    await using ledger = await acknowledged(kind, 4)
    await store(kind, ledger.payload(0))
    const changed = await store(kind, { ...ledger.payload(1), extra: null })
    const path = kind === 'metrics' ? 'data' : 'attributes'
    const inner = (seq: number) => ledger.payload(seq)[path] as JsonObject
    await store(kind, { ...ledger.payload(2), [path]: { ...inner(2), added: 0 } })
    const number = { logs: 'durationMs', metrics: 'value', products: 'sizes', traces: 'share' }[kind]
    await store(kind, { ...ledger.payload(3), [path]: { ...inner(3), [number]: String(inner(3)[number]) } })
    const { code, only } = await verify(ledger.args)
    expect(code).toBe(1)
    expect(only.altered.count).toBe(3)
    expect(only.altered.examples).toContain(`seq 1 (${changed})`)
    expect(only.lost.count).toBe(0)
  })

  it('counts dead letters, lost answers and duplicates by key without blaming them', async () => {
    await using ledger = await acknowledged('products', 2, true)
    await appendFile(
      ledger.path,
      `${JSON.stringify({ type: 'ack', run: ledger.run, kind: 'products', from: 0, count: 1, status: 202, attempts: 1, at: 0 })}\n`,
    )
    await store('products', ledger.payload(0))
    await store('products', ledger.payload(7))
    await storeDeadLetter('products', JSON.stringify(ledger.payload(1)))
    await storeDeadLetter('products', `no JSON, although it names ${ledger.run}`)
    const { code, only } = await verify(ledger.args)
    expect(code).toBe(0)
    expect(only).toMatchObject({
      acknowledged: 2,
      stored: 2,
      duplicates: 1,
      deadLettered: { count: 1, examples: ['seq 1'] },
      unacknowledged: { count: 1, examples: ['seq 7'] },
    })
  })

  it('waits for events that are on their way', async () => {
    await using ledger = await acknowledged('logs', 1)
    setTimeout(() => void store('logs', ledger.payload(0)), 500)
    expect((await verify(ledger.args, '10')).code).toBe(0)
  })

  it('says in one line that there is no database', async () => {
    await using ledger = await acknowledged('logs', 1)
    const { code, err } = await runCommand([
      'verify',
      ...ledger.args,
      '--database-url',
      'postgres://127.0.0.1:1/x',
    ])
    expect({ code, err }).toEqual({
      code: 1,
      err: 'error: cannot read the database: connect ECONNREFUSED 127.0.0.1:1\n',
    })
  })
})

describe('verify --file', () => {
  it('compares every entry with the file, and turns red for an altered, a doubled and a lost one', async () => {
    const path = join(ownSamples, 'sample.log')
    const ids: string[] = []
    for await (const entry of (await openSource(path)).entries()) {
      if ('item' in entry) ids.push(await store('logs', entry.item))
    }
    const green = await verify(['--file', path])
    expect({ code: green.code, stored: green.only.stored }).toEqual({ code: 0, stored: ids.length })

    await sql`update log set data = jsonb_set(data, '{message}', to_jsonb((data->>'message') || ' ')) where id = ${ids[1]}`.execute(
      db.kysely,
    )
    await sql`delete from log where id = ${ids[2]}`.execute(db.kysely)
    const copy = nextId()
    await sql`insert into log select ${copy}::uuid, received_at, occurred_at, level, service, message, data from log where id = ${ids[3]}`.execute(
      db.kysely,
    )
    const red = await verify(['--file', path])
    expect(red.code).toBe(1)
    expect(red.only).toMatchObject({
      altered: { count: 1, examples: [`line 2 (${ids[1]})`] },
      lost: { count: 1, examples: ['line 3'] },
      doubled: { count: 1, examples: ['line 4'] },
    })
  })

  it('does not expect entries that can be no events, and says so', async () => {
    await using folder = await temporaryFolder()
    const path = await folder.write('odd.log', Buffer.concat([Buffer.from('a\n'), Buffer.from([0xff, 0x0a])]))
    for await (const entry of (await openSource(path)).entries())
      if ('item' in entry) await store('logs', entry.item)
    const { code, notes } = await verify(['--file', path])
    expect(code).toBe(0)
    expect(notes).toHaveLength(1)
  })

  it('prints a table and the verdict for a person', async () => {
    await using folder = await temporaryFolder()
    const path = await folder.write('never-sent.log', 'a\nb\n')
    const { code, out } = await runCommand([
      'verify',
      '--settle',
      '0',
      '--file',
      path,
      '--database-url',
      server.url,
    ])
    expect(code).toBe(1)
    expect(out).toMatch(/never-sent\.log +logs +2 +0 +2 +0 +0/)
    expect(out).toMatch('lost (never-sent.log, logs): line 1, line 2\nFAILED')
  })
})
