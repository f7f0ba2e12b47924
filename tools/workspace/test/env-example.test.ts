import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { AppName } from '@runnel/contracts/apps'
import { forApp, listSettings, type Setting } from '@runnel/runtime'
import { COMPOSE_SETTINGS, renderComposeSettings } from '../src/compose-settings.ts'
import { NATS_ACCOUNTS, NATS_TABLE, renderNatsAccounts, renderNatsTable } from '../src/nats-accounts.ts'
import { WORKSPACE_ROOT } from '../src/dev-apps.ts'
import { loadAppSettings, renderEnvExample, type AppSettings } from '../src/env-example.ts'

test('.env.example holds every setting of every app with its default (npm run env-example rewrites it)', async () => {
  const apps = await loadAppSettings()
  const text = readFileSync(join(WORKSPACE_ROOT, '.env.example'), 'utf8')
  expect(text).toBe(renderEnvExample(apps))
  const names = [...text.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name)
  for (const settings of apps.values())
    for (const { setting } of listSettings(settings))
      expect([setting.variable, setting.appVariable]).toContain(
        names.find((name) => name === setting.variable || name === setting.appVariable),
      )
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

test('every setting reaches a container (npm run env-example rewrites the file)', async () => {
  const text = readFileSync(join(WORKSPACE_ROOT, COMPOSE_SETTINGS), 'utf8')
  expect(text).toBe(renderComposeSettings(await loadAppSettings()))
})

test('users of NATS and the table of their permissions are those of the apps (npm run env-example rewrites them)', () => {
  const read = (file: string) => readFileSync(join(WORKSPACE_ROOT, file), 'utf8')
  expect(read(NATS_ACCOUNTS)).toBe(renderNatsAccounts())
  expect(read(NATS_TABLE)).toBe(renderNatsTable())
})

const setting = (variable: string, fallback: string | undefined, description: string): Setting<string> => ({
  variable,
  fallback,
  description,
  parse: String,
})

test('a setting that apps read with different defaults stands under each of them, by its own name', () => {
  const port = (app: AppName, fallback: string) =>
    forApp(app, { port: setting('PORT', fallback, 'TCP port') })
  const text = renderEnvExample(
    new Map<string, AppSettings>([
      ['consumer', port('consumer', '1')],
      ['query-api', port('query-api', '2')],
    ]),
  )
  expect(text).toMatch(
    /---- consumer -+\n\n# TCP port\.\n# CONSUMER_PORT=1\n\n# ---- query-api -+\n\n# TCP port\.\n# QUERY_API_PORT=2\n/,
  )
  expect(text).not.toContain('---- Shared')
})

test('a setting that only some apps read alike names them', () => {
  const url = { redis: { url: setting('REDIS_URL', 'redis://x', 'Redis') } }
  const text = renderEnvExample(
    new Map<string, AppSettings>([
      ['a', url],
      ['b', url],
      ['c', {}],
    ]),
  )
  expect(text.match(/REDIS_URL/g)).toHaveLength(1)
  expect(text).toMatch(/---- Shared: redis -+\n/)
  expect(text).toContain('# Redis (a, b).\n# REDIS_URL=redis://x\n')
})

test('a setting without a default is marked', () => {
  const text = renderEnvExample(
    new Map<string, AppSettings>([['a', { token: setting('TOKEN', undefined, 'Token') }]]),
  )
  expect(text).toContain('# Token. Required.\n# TOKEN=\n')
})

test('a variable that means different things to two apps is refused', () => {
  const apps = new Map<string, AppSettings>([
    ['a', { limit: setting('LIMIT', '1', 'Bytes of a body') }],
    ['b', { limit: setting('LIMIT', '1', 'Rows of a page') }],
  ])
  expect(() => renderEnvExample(apps)).toThrow('LIMIT means different things to a and b')
})
