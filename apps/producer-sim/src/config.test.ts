import { expect, it } from '@jest/globals'
import { ConfigError } from '@runnel/runtime'
import { loadConfig } from './config.ts'

it('has a gentle stream that waits to be started', () => {
  expect(loadConfig({}).stream).toEqual({
    settings: { ratePerSecond: 5, kinds: { metrics: 6, logs: 3, products: 1, traces: 3 }, seed: 1, batch: 1 },
    autostart: false,
    maxOutstanding: 16,
  })
})

it('takes decimal rates, and kinds with weights: those that are not named have none', () => {
  const config = loadConfig({
    STREAM_RATE: '0.5',
    STREAM_KINDS: 'logs,metrics=0.5',
    STREAM_AUTOSTART: 'true',
  })
  expect(config.stream).toMatchObject({
    settings: { ratePerSecond: 0.5, kinds: { metrics: 0.5, logs: 1, products: 0, traces: 0 } },
    autostart: true,
  })
})

it.each([
  ['STREAM_RATE', '0'],
  ['STREAM_RATE', '1e2'],
  ['STREAM_RATE', '1001'],
  ['STREAM_KINDS', 'spans'],
  ['STREAM_SEED', '1.5'],
  ['STREAM_BATCH', '0'],
  ['STREAM_AUTOSTART', 'yes'],
  ['INGEST_API_URL', 'ingest:8080'],
  ['INGEST_URL', 'ingest:8080'],
  ['PRODUCER_SIM_STREAM_BATCH', '0'],
])('refuses %s=%s and names it', (name, value) => {
  const load = () => loadConfig({ [name]: value })
  expect(load).toThrow(ConfigError)
  expect(load).toThrow(`${name}="${value}": expected`)
})
