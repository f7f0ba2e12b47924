import { describe, expect, it } from '@jest/globals'
import { eventually, freePort } from '@runnel/testing'
import { accepted, scriptedIngest } from './scripted-ingest.ts'
import { startSimulator } from './simulator.ts'

const running = { STREAM_AUTOSTART: 'true' }

describe('while ingest-api is away, the stream', () => {
  it('counts that, keeps few requests, and stops when asked to', async () => {
    const unreachable = `http://127.0.0.1:${await freePort()}`
    await using sim = await startSimulator(unreachable, { ...running, STREAM_MAX_OUTSTANDING: '3' })
    await eventually(async () => (await sim.total('skipped')) > 10)
    const view = await eventually(async () => {
      const now = await sim.call('GET')
      return (now.answers['none'] ?? 0) >= 3 && now
    })
    expect(view).toMatchObject({ state: 'running', outstanding: 3 })
    expect(view.lastFailure?.reason).toBe('no answer (ECONNREFUSED)')
    await sim.call('POST', '/stop')
    expect(await sim.total('failed')).toBe(3)
  })

  it('tries the same event again under its key until it is taken', async () => {
    await using server = await scriptedIngest((request, index) =>
      index === 0 ? 'cut' : index === 1 ? { status: 500 } : accepted(request),
    )
    await using sim = await startSimulator(server.url, { ...running, STREAM_MAX_OUTSTANDING: '1' })
    await eventually(async () => (await sim.total('acknowledged')) >= 1)
    const keys = server.received.slice(0, 3).map(({ items }) => items[0]?.['eventId'])
    expect(new Set(keys).size).toBe(1)
    expect(await sim.total('failed')).toBe(0)
  })

  it('sends nothing at all before the time that Retry-After names', async () => {
    const times: number[] = []
    await using server = await scriptedIngest((request, index) => {
      times.push(performance.now())
      return index === 0 ? { status: 503, headers: { 'retry-after': '1' } } : accepted(request)
    })
    const one = { STREAM_RATE: '20', STREAM_MAX_OUTSTANDING: '1' }
    await using sim = await startSimulator(server.url, { ...running, ...one })
    await eventually(() => times.length >= 3)
    expect(times[1]! - times[0]!).toBeGreaterThan(900)
    expect((await sim.call('GET')).answers['503']).toBe(1)
    expect(await sim.total('skipped')).toBeGreaterThan(5)
  })

  it('gives up an answer that does not come within the seconds of a stop', async () => {
    await using server = await scriptedIngest(() => 'hang')
    await using sim = await startSimulator(server.url, { ...running, STREAM_MAX_OUTSTANDING: '2' })
    await eventually(() => server.received.length === 2)
    const stopped = await sim.call('POST', '/stop')
    expect(stopped).toMatchObject({ state: 'stopped', outstanding: 0 })
    expect(await sim.total('failed')).toBe(2)
  })

  it('does not send again what is refused for good', async () => {
    await using server = await scriptedIngest(() => ({ status: 400, body: { code: 'missing_field' } }))
    await using sim = await startSimulator(server.url, running)
    await eventually(async () => (await sim.total('rejected')) >= 5)
    await sim.call('POST', '/stop')
    expect(await sim.total('rejected')).toBe(server.received.length)
    expect(await sim.total('acknowledged')).toBe(0)
  })
})
