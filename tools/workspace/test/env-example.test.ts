import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { WORKSPACE_ROOT } from '../src/dev-apps.ts'
import { loadAppSettings, renderEnvExample, type AppSettings } from '../src/env-example.ts'

test('.env.example holds every setting of every app with its default (npm run env-example rewrites it)', async () => {
  const apps = await loadAppSettings()
  const text = readFileSync(join(WORKSPACE_ROOT, '.env.example'), 'utf8')
  expect(text).toBe(renderEnvExample(apps))
  for (const settings of apps.values())
    for (const [name, { fallback }] of Object.entries(settings))
      expect(text).toContain(`# ${name}=${fallback ?? ''}\n`)
})

test('a setting that apps read with different defaults stands under each of them', () => {
  const port = (fallback: string) => ({ PORT: { fallback, description: 'TCP port' } })
  const text = renderEnvExample(
    new Map<string, AppSettings>([
      ['a', port('1')],
      ['b', port('2')],
    ]),
  )
  expect(text).toMatch(/---- a -+\n\n# TCP port\.\n# PORT=1\n\n# ---- b -+\n\n# TCP port\.\n# PORT=2\n/)
  expect(text).not.toContain('---- Shared')
})

test('a setting that only some apps read alike names them', () => {
  const url = { REDIS_URL: { fallback: 'redis://x', description: 'Redis' } }
  const text = renderEnvExample(
    new Map<string, AppSettings>([
      ['a', url],
      ['b', url],
      ['c', {}],
    ]),
  )
  expect(text.match(/REDIS_URL/g)).toHaveLength(1)
  expect(text).toContain('# Redis (a, b).\n# REDIS_URL=redis://x\n')
})

test('a setting without a default is marked', () => {
  const text = renderEnvExample(
    new Map<string, AppSettings>([['a', { TOKEN: { fallback: undefined, description: 'Token' } }]]),
  )
  expect(text).toContain('# Token. Required.\n# TOKEN=\n')
})
