import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase } from '@runnel/testing'
import { gzipSync } from 'node:zlib'
import { WIRE_READERS, type WireReaderName } from '../src/ceilings/wire-readers.ts'
import { spawnCeiling } from '../src/ceilings/spawn-ceiling.ts'
import { ProcessCosts } from '../src/process-costs.ts'
import { createItems } from '../src/metric-items.ts'
import { createBulk, createLokiPush } from '../src/log-shipper-bodies.ts'
import { createOtlpLogs, createOtlpMetrics } from '../src/otlp-bodies.ts'
import { createRemoteWrite } from '../src/remote-write-body.ts'
import { withClient } from '../src/reads/with-client.ts'

const INVALID = { data: { name: 7 } }

let stack: AsyncDisposableStack

beforeAll(() => {
  stack = new AsyncDisposableStack()
})
afterAll(() => stack.disposeAsync())

/** What a ceiling leaves out would be an unfair advantage: these check, inflate and store. */
describe('bare-intake', () => {
  let url: string

  beforeAll(async () => {
    url = await spawnCeiling(stack, new ProcessCosts(), 'bare-intake')
  })

  const post = (path: string, body: string | Buffer, headers: Record<string, string>) =>
    fetch(url + path, { method: 'POST', body, headers })

  it.each(['/single', '/batch'])('checks what comes to %s', async (path) => {
    const json = { 'content-type': 'application/json' }
    const wrap = (item: object) => JSON.stringify(path === '/batch' ? [item] : item)
    expect((await post(path, wrap(createItems(1)[0]!), json)).status).toBe(202)
    expect((await post(path, wrap(INVALID), json)).status).toBe(400)
  })

  it('inflates lines and checks each of them', async () => {
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' }
    const lines = (items: readonly object[]) =>
      gzipSync(items.map((item) => `${JSON.stringify(item)}\n`).join(''))
    const accepted = await post('/batch', lines(createItems(3)), headers)
    expect(await accepted.json()).toEqual({ status: 'ok', accepted: 3 })
    expect((await post('/batch', lines([...createItems(3), INVALID]), headers)).status).toBe(400)
  })
})

/** A body of each wire format. */
const WIRE_BODIES: Readonly<Record<WireReaderName, Buffer>> = {
  'otlp-logs': createOtlpLogs(2),
  'otlp-metrics': createOtlpMetrics(10),
  'remote-write': createRemoteWrite(2, 2),
  bulk: createBulk(2),
  loki: createLokiPush(2),
}

describe.each(Object.entries(WIRE_BODIES))('bare-wire for %s', (reader, body) => {
  it('reads what it answers', async () => {
    const url = await spawnCeiling(stack, new ProcessCosts(), 'bare-wire', reader)
    const { status } = WIRE_READERS[reader as WireReaderName].answer
    expect((await fetch(url, { method: 'POST', body })).status).toBe(status)
    expect((await fetch(url, { method: 'POST', body: body.subarray(0, body.length - 1) })).status).toBe(500)
  })
})

describe('bare-stored', () => {
  it('answers once the rows of all that wait are committed', async () => {
    const database = stack.use(await createTestDatabase())
    const from = new Date(Date.now() - 3_600_000).toISOString()
    const to = new Date(Date.now() + 3_600_000).toISOString()
    await withClient(database.url, (client) =>
      client.query(`create table metric_now partition of metric for values from ('${from}') to ('${to}')`),
    )
    const url = await spawnCeiling(stack, new ProcessCosts(), 'bare-stored', database.url)
    const answers = await Promise.all(
      createItems(20).map((item) =>
        fetch(`${url}/single`, {
          method: 'POST',
          body: JSON.stringify(item),
          headers: { 'content-type': 'application/json' },
        }),
      ),
    )
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    const { rows } = await withClient(database.url, (client) =>
      client.query<{ data: object }>('select data from metric order by id'),
    )
    const byText = (items: readonly object[]) =>
      items.map((item) => JSON.stringify(item, ['name', 'value', 'unit', 'tags', 'host'])).sort()
    expect(byText(rows.map(({ data }) => data))).toEqual(byText(createItems(20).map(({ data }) => data)))
  })
})
