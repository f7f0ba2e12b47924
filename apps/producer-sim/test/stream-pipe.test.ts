import { expect, it } from '@jest/globals'
import { eventually, spawnApp } from '@runnel/testing'
import { startPipe } from './pipe.ts'
import type { StreamView } from './simulator.ts'

it('streams into the real platform as a process of its own: what was acknowledged is stored, SIGTERM drains', async () => {
  await using pipe = await startPipe()
  const env = { INGEST_API_URL: pipe.ingest, STREAM_AUTOSTART: 'true', STREAM_RATE: '200', STREAM_BATCH: '4' }
  await using sim = await spawnApp('producer-sim', env)
  const acknowledged = async () => {
    const { counts } = (await (await fetch(`${sim.url}/api/v1/stream`)).json()) as StreamView
    return Object.values(counts).map((one) => one['acknowledged'] ?? 0)
  }
  await eventually(async () => (await acknowledged()).every((count) => count >= 16))
  const stopped = (await (
    await fetch(`${sim.url}/api/v1/stream/stop`, { method: 'POST' })
  ).json()) as StreamView
  const { metrics, logs, products, traces } = stopped.counts
  for (const counts of [metrics, logs, products, traces])
    expect(counts).toMatchObject({ rejected: 0, failed: 0, acknowledged: counts?.['sent'] })
  await eventually(async () => {
    expect(await pipe.rows()).toEqual({
      metrics: metrics?.['sent'],
      logs: logs?.['sent'],
      products: products?.['sent'],
      traces: traces?.['sent'],
    })
    return true
  })
  await fetch(`${sim.url}/api/v1/stream/start`, { method: 'POST' })
  await eventually(async () => (await acknowledged()).some((count) => count > 0))
  expect(await sim.stop()).toEqual({ code: 0, signal: null })
})
