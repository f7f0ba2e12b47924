import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { connectBroker, type Broker } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { eventually, startNats, type ManagedProcess } from '@runnel/testing'
import { expectProblem } from './expect-problem.ts'
import { startIngest, type Ingest } from './ingest.ts'

let nats: ManagedProcess
let broker: Broker
let ingest: Ingest

beforeAll(async () => {
  nats = await startNats()
  const log = createLogger('test', 'silent')
  broker = await connectBroker(nats.url, { name: 'test', log })
  ingest = await startIngest({ broker, env: { PUBLISH_DEADLINE_MS: '500' } })
})

afterAll(async () => {
  await ingest[Symbol.asyncDispose]()
  await broker.close()
  await nats.close()
})

it('answers 503 while the broker is unreachable, is not ready, and recovers by itself without losing or doubling', async () => {
  expect((await ingest.post('/log', { n: 'before' })).statusCode).toBe(202)
  expect((await ingest.inject('/readyz')).statusCode).toBe(200)

  await nats.stop()
  expectProblem(await ingest.post('/log', { n: 'at once' }), 503, 'broker_unavailable')
  await eventually(() => broker.unreachableMs() > 1000)
  expectProblem(await ingest.post('/log', { n: 'away' }), 503, 'broker_unavailable')
  expectProblem(await ingest.post('/api/v1/metrics', [{ data: {} }]), 503, 'broker_unavailable')
  expectProblem(
    await ingest.inject({ method: 'DELETE', url: '/api/v1/products/1' }),
    503,
    'broker_unavailable',
  )
  const unready = await ingest.inject('/readyz')
  expect(unready.statusCode).toBe(503)
  expect(unready.json()).toMatchObject({ failures: { broker: expect.any(String) } })
  expect((await ingest.inject('/healthz')).statusCode).toBe(200)
  // What is wrong with a request is answered without the broker.
  expectProblem(await ingest.post('/log', '{'), 400, 'bad_json')

  await nats.restart()
  await eventually(async () => (await ingest.inject('/readyz')).statusCode === 200)
  await eventually(async () => (await ingest.post('/log', { n: 'after' })).statusCode === 202)
  await eventually(() => ingest.consumed.some(({ data }) => (data as { n: string }).n === 'after'))
  const names = ingest.consumed.map(({ data }) => (data as { n: string }).n)
  expect(names.filter((name) => name === 'before')).toHaveLength(1)
  expect(names).not.toContain('away')
})
