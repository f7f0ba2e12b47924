import { expect, test } from '@jest/globals'
import { childPids, eventually, serviceUrls, spawnApp, testPrefix } from '@runnel/testing'

const EVENTS = 40

test('an app with two workers counts as one, replaces a worker that is killed, and drains both', async () => {
  const { NATS_URL } = serviceUrls()
  await using app = await spawnApp(
    'ingest-api',
    { WORKERS: '2', BROKER_URL: NATS_URL, SUBJECT_PREFIX: testPrefix() },
    { waitFor: '/readyz' },
  )
  const workersOf = () => childPids(app.pid!)
  await eventually(() => workersOf().length === 2)
  /** On a connection of its own, which may reach either worker. */
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(app.url + path, {
      ...init,
      headers: { ...init.headers, connection: 'close' },
      signal: AbortSignal.timeout(10_000),
    })
  const valueOf = async (name: string) => {
    const text = await (await ask('/metrics')).text()
    const lines = text.split('\n').filter((line) => line.startsWith(name))
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }
  const accepted = () => valueOf('runnel_ingest_format_events_total{format="json-object"')
  const send = async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = await ask('/log', { method: 'POST', headers, body: '{"n":1}' })
    expect(answer.status).toBe(202)
  }
  for (let n = 0; n < EVENTS; n++) await send()
  expect(await accepted()).toBe(EVENTS)

  const [first] = workersOf()
  process.kill(first!, 'SIGKILL')
  await eventually(async () => (await valueOf('runnel_workers_replaced_total')) === 1)
  await eventually(() => workersOf().filter((pid) => pid !== first).length === 2)
  await send()
  // What the dead one had counted at its last scrape is still in the sum.
  expect(await accepted()).toBe(EVENTS + 1)

  expect(await app.stop()).toEqual({ code: 0, signal: null })
}, 120_000)
