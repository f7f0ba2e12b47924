import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, spawnStandalone, type RunningStandalone } from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createDispatcherClient,
  createQueryClient,
  createSender,
  type Retry,
  type UndeliveredEvent,
} from '../src/index.ts'

const START_MS = 240_000
const OUTAGE_MS = 300_000

const folder = mkdtempSync(join(tmpdir(), 'runnel-sender-'))
let runnel: RunningStandalone
/** May do everything. */
let key: string

beforeAll(async () => {
  runnel = await spawnStandalone(folder, { AUTH: 'keys' })
  // Printed when all apps listen.
  key = await eventually(() => /rnl_[\w-]+/.exec(runnel.logs())?.[0])
}, START_MS)

afterAll(async () => {
  await runnel?.kill('SIGCONT')
  await runnel?.close()
  rmSync(folder, { recursive: true, force: true })
}, START_MS)

/** What is stored of the logs of a service, in the order of its own numbers. */
async function storedNumbers(service: string): Promise<number[]> {
  const query = createQueryClient({ url: runnel.query, key })
  const { data } = await query.GET('/api/v1/logs', { params: { query: { service, limit: 1000 } } })
  return data!.items.map(({ message }) => Number(message)).sort((a, b) => a - b)
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('a sender and a server', () => {
  it(
    'that stands still, dies and comes back: each event is stored once',
    async () => {
      const undelivered: UndeliveredEvent[] = []
      let failures = 0
      const sender = createSender({
        ...{ url: runnel.ingest, key, batchEvents: 20, batchAgeMs: 50, queueEvents: 100, whenFull: 'wait' },
        ...{ requestTimeoutMs: 1000, retryMinMs: 50, retryMaxMs: 500 },
        onUndelivered: (event) => undelivered.push(event),
        onRetry: () => failures++,
      })
      const send = async (from: number, to: number) => {
        for (let n = from; n < to; n++) await sender.log({ service: 'outage', message: String(n) })
      }
      await send(0, 200)
      await runnel.kill('SIGSTOP')
      const sending = send(200, 600)
      await eventually(() => failures > 0)
      await runnel.kill('SIGKILL')
      const before = failures
      await eventually(() => failures > before)
      await runnel.restart()
      await sending
      await sender.close()
      expect(undelivered).toEqual([])
      expect(sender.counts()).toMatchObject({ delivered: 600, undelivered: 0 })
      expect(await storedNumbers('outage')).toEqual(numbers(600))
    },
    OUTAGE_MS,
  )

  it('whose answers are lost: logs, metrics and spans are stored once all the same', async () => {
    let lost = 0
    const sender = createSender({
      ...{ url: runnel.ingest, key, retryMinMs: 10 },
      fetch: async (url, init) => {
        const response = await fetch(url, init)
        if (lost >= 3) return response
        lost++
        await response.arrayBuffer()
        throw new TypeError('terminated')
      },
    })
    const traceId = '5b8efff798038103d269b633813fc60c'
    for (const n of numbers(5)) {
      const name = `step ${n}`
      const times = { startTime: Date.now(), endTime: Date.now() }
      await sender.log({ service: 'lost-answers', message: String(n) })
      await sender.metric({ data: { name: 'lost_answers', value: n } })
      await sender.span({
        traceId,
        spanId: `000000000000000${n + 1}`,
        name,
        service: 'lost-answers',
        ...times,
      })
    }
    await sender.close()
    expect(lost).toBe(3)
    expect(await storedNumbers('lost-answers')).toEqual(numbers(5))
    const query = createQueryClient({ url: runnel.query, key })
    const { data: metrics } = await query.GET('/api/v1/metrics', {
      params: { query: { name: 'lost_answers' } },
    })
    expect(metrics!.items.map(({ value }) => value).sort()).toEqual(numbers(5))
    const { data: trace } = await query.GET('/api/v1/traces/{id}', { params: { path: { id: traceId } } })
    expect(trace!.spans).toHaveLength(5)
  })

  it('that refuses an event: it is reported alone, with its code and field', async () => {
    const undelivered: UndeliveredEvent[] = []
    const sender = createSender({
      url: runnel.ingest,
      key,
      onUndelivered: (event) => undelivered.push(event),
    })
    for (const value of [1, 'two', 3])
      await sender.metric({ data: { name: 'refused', value: value as number } })
    await sender.close()
    expect(undelivered).toMatchObject([{ kind: 'metrics', code: 'invalid_field', field: '/data/value' }])
    expect(undelivered[0]!.text).toContain('"two"')
    expect(sender.counts()).toMatchObject({ delivered: 2, undelivered: 1 })
  })

  it('with an event whose id names another one: that is reported when the row is waited for', async () => {
    const undelivered: UndeliveredEvent[] = []
    const sender = createSender({
      ...{ url: runnel.ingest, key, wait: 'stored' },
      onUndelivered: (event) => undelivered.push(event),
    })
    for (const message of ['1', '2']) {
      await sender.log({ service: 'same-id', message, eventId: 'one-id' })
      await sender.flush()
    }
    await sender.close()
    expect(undelivered).toMatchObject([{ code: 'idempotency_key_reused', eventId: 'one-id' }])
    expect(await storedNumbers('same-id')).toEqual([1])
  })

  it('that asks for patience because of a quota: what it asks for is waited, and nothing is lost', async () => {
    const retries: Retry[] = []
    const sender = createSender({
      ...{ url: runnel.ingest, key: (await createKey({ events: 10 })).key, batchEvents: 50, retryMinMs: 1 },
      onRetry: (retry) => retries.push(retry),
    })
    for (const n of numbers(100)) await sender.log({ service: 'quota', message: String(n) })
    await sender.close()
    const refused = retries.filter(({ code }) => code === 'quota_exceeded')
    expect(refused).not.toHaveLength(0)
    for (const { waitMs } of refused) expect(waitMs).toBeGreaterThanOrEqual(1000)
    expect(sender.counts()).toMatchObject({ delivered: 100, undelivered: 0 })
    expect(await storedNumbers('quota')).toEqual(numbers(100))
  })

  it('that knows the key no more: its events are reported, until there is another key', async () => {
    const undelivered: UndeliveredEvent[] = []
    const { id, key: revoked } = await createKey({})
    let present = revoked
    const sender = createSender({
      ...{ url: runnel.ingest, key: () => present },
      onUndelivered: (event) => undelivered.push(event),
    })
    const dispatcher = createDispatcherClient({ url: runnel.query, key })
    await dispatcher.POST('/api/v1/keys/{id}/revoke', { params: { path: { id } } })
    await sender.log({ service: 'revoked', message: '1' })
    await sender.flush()
    present = key
    await sender.log({ service: 'revoked', message: '2' })
    await sender.close()
    expect(undelivered).toMatchObject([{ code: 'key_revoked', text: expect.stringContaining('"1"') }])
    expect(await storedNumbers('revoked')).toEqual([2])
  })
})

/** A key that may send logs. */
async function createKey(quotas: { readonly events?: number }): Promise<{ id: string; key: string }> {
  const dispatcher = createDispatcherClient({ url: runnel.query, key })
  const body = { name: 'of a test', scopes: ['logs:write' as const], quotas }
  const { data } = await dispatcher.POST('/api/v1/keys', { body })
  return data!
}
