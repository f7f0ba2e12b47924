import { expect, test } from '@jest/globals'
import { settings as consumer } from '@runnel/consumer'
import { settings as ingest } from '@runnel/ingest-api'
import { settings as dispatcher } from '@runnel/message-dispatcher'
import { settings as simulator } from '@runnel/producer-sim'
import { settings as query } from '@runnel/query-api'
import { ConfigError, listSettings, type SettingsTable } from '@runnel/runtime'
import { otherValueOf } from '@runnel/testing'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadConfig, settings } from '../src/config.ts'
import { findUnusedSettings } from '../src/find-unused-settings.ts'
import { urlOf } from '../src/url-of.ts'

test('every wrong setting is reported at once', () => {
  const load = () => loadConfig({ QUERY_API_PORT: 'x', LOG_LEVEL: 'loud', RETENTION_DAYS: '0' })
  expect(load).toThrow(ConfigError)
  for (const name of ['QUERY_API_PORT', 'LOG_LEVEL', 'RETENTION_DAYS']) expect(load).toThrow(name)
})

const variables = listSettings(settings).map(({ setting }) => setting.variable)

test('nothing is asked for that only servers need', () => {
  for (const name of ['PORT', 'DATABASE_URL', 'NATS_URL', 'REDIS_URL', 'SUBJECT_PREFIX', 'INGEST_API_URL'])
    expect(variables).not.toContain(name)
})

const APP_SETTINGS: readonly SettingsTable[] = [ingest, consumer, query, dispatcher, simulator]

test('every setting of every app, by both of its names, is used, refused, or said to be left aside', () => {
  const defaults = loadConfig({})
  const fates = new Map<string, Set<string>>()
  for (const { setting } of APP_SETTINGS.flatMap((table) => listSettings(table))) {
    const text = otherValueOf(setting)
    for (const name of [setting.variable, setting.appVariable!]) {
      const fate = fateOf(name, text)
      fates.set(fate, (fates.get(fate) ?? new Set()).add(name))
    }
  }
  expect([...fates.keys()].sort()).toEqual(['left aside', 'refused', 'used'])
  expect([...fates.get('left aside')!].sort()).toEqual(['DATABASE_URL', 'NATS_URL', 'PORT', 'REDIS_URL'])
  for (const name of ['GATEWAY_URL', 'MESSAGE_DISPATCHER_GATEWAY_TIMEOUT_MS'])
    expect(fates.get('used')).toContain(name)
  for (const name of ['SUBJECT_PREFIX', 'CONSUMER_DATABASE_URL']) expect(fates.get('refused')).toContain(name)

  function fateOf(name: string, text: string): string {
    const env = { [name]: text }
    try {
      const config = loadConfig(env)
      if (findUnusedSettings(settings, env).ignored.includes(name)) return 'left aside'
      return isDeepStrictEqual(config, defaults) ? `ignored: ${name}` : 'used'
    } catch (error) {
      const { problems } = error as ConfigError
      return problems.length === 1 && problems[0]!.startsWith(`${name} has no effect in npm start`)
        ? 'refused'
        : `${name}: ${(error as Error).message}`
    }
  }
})

test('the file of a secret is used, or refused where the secret itself is of no use', () => {
  expect(() => loadConfig({ GATEWAY_TOKEN_FILE: '/none' })).toThrow('expected a file that exists')
  for (const name of ['DATABASE_URL_FILE', 'CONSUMER_NATS_URL_FILE'])
    expect(() => loadConfig({ [name]: '/none' })).toThrow(`${name} has no effect in npm start`)
})

test('a copy of .env.example with every default in it starts', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8')
  const env = Object.fromEntries(
    [...text.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value]),
  )
  expect(() => loadConfig(env)).not.toThrow()
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
