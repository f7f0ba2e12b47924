import { expect, it } from '@jest/globals'
import { counter, createMetrics, gauge, histogram } from './metrics.ts'

it('puts the app on every metric, the default ones of the process included', async () => {
  const metrics = createMetrics('consumer')
  counter(metrics, 'runnel_things_total', 'Things', []).inc(2)
  const lines = (await metrics.metrics()).split('\n')
  expect(lines).toContain('runnel_things_total{app="consumer"} 2')
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#'))
  expect(samples.filter((line) => !line.includes('app="consumer"'))).toEqual([])
  expect(samples.some((line) => line.startsWith('process_cpu_seconds_total'))).toBe(true)
})

it('keeps the metrics of two apps in one process apart', async () => {
  const [first, second] = [createMetrics('a'), createMetrics('b')]
  counter(first, 'runnel_things_total', 'Things', []).inc()
  expect(await second.metrics()).not.toContain('runnel_things_total')
})

it('refuses a second metric of the same name', () => {
  const metrics = createMetrics('a')
  counter(metrics, 'runnel_things_total', 'Things', [])
  expect(() => counter(metrics, 'runnel_things_total', 'Things', [])).toThrow(/already/)
})

it('looks a gauge up at every scrape', async () => {
  const metrics = createMetrics('a')
  let depth = 1
  gauge(metrics, 'runnel_queue_events', 'Queue', ['kind'], (made) => made.set({ kind: 'logs' }, depth++))
  expect(await metrics.metrics()).toContain('runnel_queue_events{kind="logs",app="a"} 1')
  expect(await metrics.metrics()).toContain('runnel_queue_events{kind="logs",app="a"} 2')
})

it('counts into the buckets that it was given', async () => {
  const metrics = createMetrics('a')
  histogram(metrics, 'runnel_wait_seconds', 'Wait', [], [0.1, 1]).observe(0.5)
  const text = await metrics.metrics()
  expect(text).toContain('runnel_wait_seconds_bucket{le="0.1",app="a"} 0')
  expect(text).toContain('runnel_wait_seconds_bucket{le="1",app="a"} 1')
  expect(text).toContain('runnel_wait_seconds_bucket{le="+Inf",app="a"} 1')
})
