import { expect, test } from '@jest/globals'
import { ConfigError, listSettings } from '@runnel/runtime'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig, settings } from '../src/config.ts'
import { urlOf } from '../src/url-of.ts'

test('every wrong setting is reported at once', () => {
  const load = () => loadConfig({ QUERY_API_PORT: 'x', LOG_LEVEL: 'loud', RETENTION_DAYS: '0' })
  expect(load).toThrow(ConfigError)
  for (const name of ['QUERY_API_PORT', 'LOG_LEVEL', 'RETENTION_DAYS']) expect(load).toThrow(name)
})

const variables = listSettings(settings).map(({ setting }) => setting.variable)

test('nothing is asked for that only servers need', () => {
  for (const name of [
    'PORT',
    'DATABASE_URL',
    'NATS_URL',
    'REDIS_URL',
    'SUBJECT_PREFIX',
    'INGEST_API_URL',
    'GATEWAY_URL',
  ])
    expect(variables).not.toContain(name)
})

test('every setting stands in .env.example', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8')
  for (const { setting } of listSettings(settings)) {
    const names = [setting.variable, setting.appVariable ?? setting.variable]
    expect([names, names.some((name) => text.includes(`\n# ${name}=`))]).toEqual([names, true])
  }
})

test('one environment gives each app its own settings', () => {
  const config = loadConfig({
    PORT: '9000',
    GATEWAY_TOKEN: 'shared',
    PRODUCER_SIM_GATEWAY_TOKEN: 'other',
    CONSUMER_BATCH_CONCURRENCY: '3',
    BATCH_LINGER_MS: '7',
  })
  expect(config.ports['query-api']).toBe(8000)
  expect(config.dispatcher.sending.gateway.token).toBe('shared')
  expect(config.simulator.gateway.token).toBe('other')
  expect(config.consumer.batches).toMatchObject({ concurrency: 3, limits: { lingerMs: 7 } })
})

test.each([
  ['0.0.0.0', 'http://127.0.0.1:8080'],
  ['127.0.0.2', 'http://127.0.0.2:8080'],
  ['::1', 'http://[::1]:8080'],
])('an app that listens on %s is reached at %s', (HOST, url) => {
  expect(urlOf(loadConfig({ HOST }), 'ingest-api')).toBe(url)
})
