import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { accepted, scriptedIngest, type ReceivedRequest } from './scripted-ingest.ts'
import { startSimulator } from './simulator.ts'

/** Logs, by the members that the seed alone decides on. */
const seeded = (received: readonly ReceivedRequest[]) =>
  received
    .filter(({ path }) => path.endsWith('/logs'))
    .flatMap(({ items }) => items)
    .map(({ level, message, attributes }) => ({ level, message, attributes }))
    .slice(0, 10)

describe('the stream', () => {
  it('stands still until it is started, sends, and stops when asked to', async () => {
    await using server = await scriptedIngest(accepted)
    await using sim = await startSimulator(server.url)
    expect(await sim.call('GET')).toMatchObject({
      state: 'stopped',
      run: null,
      answers: {},
      lastFailure: null,
    })
    const started = await sim.call('POST', '/start')
    expect(started.state).toBe('running')
    await eventually(() => server.received.length >= 20)
    const stopped = await sim.call('POST', '/stop')
    expect(stopped).toMatchObject({ state: 'stopped', run: started.run, outstanding: 0 })
    expect(Date.parse(stopped.since)).toBeGreaterThanOrEqual(Date.parse(started.since))
    expect(stopped.answers).toEqual({ '202': server.received.length })
    expect(await sim.total('acknowledged')).toBe(server.received.length)
    const sent = server.received.length
    await sleep(100)
    expect(server.received).toHaveLength(sent)
  })

  it('starts once, however often it is asked to', async () => {
    await using server = await scriptedIngest(accepted)
    await using sim = await startSimulator(server.url)
    const views = await Promise.all([1, 2, 3].map(() => sim.call('POST', '/start')))
    expect(new Set(views.map(({ run }) => run)).size).toBe(1)
    expect((await sim.call('POST', '/stop')).state).toBe('stopped')
    expect((await sim.call('POST', '/stop')).state).toBe('stopped')
    expect((await sim.call('POST', '/start')).run).not.toBe(views[0]?.run)
  })

  it('sends the same events of the same seed, under keys of their own', async () => {
    await using server = await scriptedIngest(accepted)
    await using sim = await startSimulator(server.url, { STREAM_MAX_OUTSTANDING: '1', STREAM_RATE: '50' })
    const runs: ReceivedRequest[][] = []
    for (const seed of [1, 1, 2]) {
      await sim.call('PATCH', '', { seed })
      await sim.call('POST', '/start')
      await eventually(() => seeded(server.received).length === 10)
      await sim.call('POST', '/stop')
      runs.push(server.received.splice(0))
    }
    const [first, second, other] = runs.map(seeded)
    expect(second).toEqual(first)
    expect(other).not.toEqual(first)
    const keys = runs.flat().flatMap(({ items }) => items.map((item) => item['eventId']))
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is shaped while it runs', async () => {
    await using server = await scriptedIngest(accepted)
    await using sim = await startSimulator(server.url, { STREAM_RATE: '0.1' })
    const { run } = await sim.call('POST', '/start')
    const shaped = await sim.call('PATCH', '', {
      ratePerSecond: 400,
      kinds: { metrics: 0, products: 0, traces: 0 },
      batch: 4,
    })
    expect(shaped).toMatchObject({
      run,
      settings: {
        ratePerSecond: 400,
        kinds: { metrics: 0, logs: 3, products: 0, traces: 0 },
        batch: 4,
        seed: 1,
      },
    })
    await eventually(() => server.received.length >= 20)
    expect(server.received.slice(1).map(({ path, items }) => [path, items.length])).toEqual(
      Array(server.received.length - 1).fill(['/api/v1/logs', 4]),
    )
    const reseeded = await sim.call('PATCH', '', { seed: 9 })
    expect(reseeded.state).toBe('running')
    expect(reseeded.run).not.toBe(run)
    server.received.splice(0)
    await eventually(() => server.received.length >= 20)
    const runs = server.received.map(({ items }) => String(items[0]?.['eventId']).split(':')[1])
    expect(new Set(runs)).toEqual(new Set([reseeded.run]))
  })

  it('keeps to its rate', async () => {
    await using server = await scriptedIngest(accepted)
    await using sim = await startSimulator(server.url, { STREAM_RATE: '200' })
    const startedMs = performance.now()
    await sim.call('POST', '/start')
    await eventually(() => server.received.length >= 100)
    await sim.call('POST', '/stop')
    const seconds = (performance.now() - startedMs) / 1000
    const events = (await sim.total('sent')) + (await sim.total('skipped'))
    // Never faster; how much slower is up to the machine.
    expect(events).toBeLessThanOrEqual(200 * seconds + 1)
  })

  it('runs from the start with STREAM_AUTOSTART', async () => {
    await using server = await scriptedIngest(accepted)
    await using sim = await startSimulator(server.url, { STREAM_AUTOSTART: 'true' })
    expect((await sim.call('GET')).state).toBe('running')
    await eventually(() => server.received.length > 0)
  })

  it('ends at the drain: what is under way is answered, nothing comes after', async () => {
    await using server = await scriptedIngest((request) => ({
      ...(accepted(request) as object),
      status: 202,
      delayMs: 200,
    }))
    await using sim = await startSimulator(server.url, { STREAM_AUTOSTART: 'true' })
    await eventually(() => server.received.length >= 10)
    await sim.drain()
    const received = server.received.length
    const text = await sim.metrics.metrics()
    expect(text).toMatch(/^runnel_producer_stream_running\{app="producer-sim"\} 0$/m)
    const counted = [...text.matchAll(/runnel_producer_events_total\{.*outcome="(\w+)".* (\d+)$/gm)]
    expect(counted.every(([, outcome]) => outcome === 'acknowledged')).toBe(true)
    expect(counted.reduce((sum, [, , value]) => sum + Number(value), 0)).toBe(received)
    await sleep(50)
    expect(server.received).toHaveLength(received)
  })

  it('shows in the metrics', async () => {
    await using server = await scriptedIngest(accepted)
    await using sim = await startSimulator(server.url, { STREAM_KINDS: 'logs', STREAM_AUTOSTART: 'true' })
    await eventually(async () => (await sim.total('acknowledged')) >= 5)
    const { body } = await sim.app.inject('/metrics')
    expect(body).toMatch(/^runnel_producer_stream_running\{app="producer-sim"\} 1$/m)
    expect(body).toMatch(/^runnel_producer_events_total\{kind="logs",outcome="acknowledged",/m)
    expect(body).toMatch(/^runnel_producer_request_duration_seconds_count\{.*kind="logs",status="202"/m)
  })
})
