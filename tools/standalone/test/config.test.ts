import { expect, test } from '@jest/globals'
import { ConfigError } from '@runnel/runtime'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig, settings } from '../src/config.ts'
import { urlOf } from '../src/urls.ts'

test('every wrong setting is told at once', () => {
  const load = () => loadConfig({ QUERY_API_PORT: 'x', LOG_LEVEL: 'loud', RETENTION_DAYS: '0' })
  expect(load).toThrow(ConfigError)
  for (const name of ['QUERY_API_PORT', 'LOG_LEVEL', 'RETENTION_DAYS']) expect(load).toThrow(name)
})

test('nothing is asked for that only servers need', () => {
  for (const name of ['PORT', 'DATABASE_URL', 'NATS_URL', 'REDIS_URL', 'SUBJECT_PREFIX', 'INGEST_URL'])
    expect(settings).not.toHaveProperty(name)
})

test('every setting stands in .env.example', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8')
  for (const name of Object.keys(settings)) expect(text).toContain(`\n# ${name}=`)
})

test.each([
  ['0.0.0.0', 'http://127.0.0.1:8080'],
  ['127.0.0.2', 'http://127.0.0.2:8080'],
  ['::1', 'http://[::1]:8080'],
])('an app that listens on %s is reached at %s', (HOST, url) => {
  expect(urlOf(loadConfig({ HOST }), 'INGEST_API_PORT')).toBe(url)
})
