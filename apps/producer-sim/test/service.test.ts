import { describe, expect, it } from '@jest/globals'
import { createKey } from '@runnel/http'
import { addKey } from '@runnel/repositories-access'
import { connectDatabase } from '@runnel/repositories-database'
import { createTestDatabase, eventually, spawnApp } from '@runnel/testing'

describe('the process', () => {
  it('serves health, documentation and metrics, and ends with 0 after SIGTERM', async () => {
    await using app = await spawnApp('producer-sim')
    for (const path of ['/healthz', '/readyz', '/docs/', '/docs/json', '/metrics']) {
      expect([path, (await fetch(app.url + path)).status]).toEqual([path, 200])
    }
    expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch('app="producer-sim"')
    const unknown = await fetch(`${app.url}/api/v1/nothing`)
    expect(unknown.status).toBe(404)
    expect(unknown.headers.get('content-type')).toMatch('application/problem+json')
    expect(await app.stop()).toEqual({ code: 0, signal: null })
  })

  it('accepts keys of PostgreSQL where they are asked for', async () => {
    await using database = await createTestDatabase()
    const { id, sha256, text } = createKey()
    const store = connectDatabase({
      ...{ url: database.url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 },
    })
    const rest = { kind: 'live', networks: [], namespace: '', quotas: {}, expiresAt: null } as const
    await addKey(store, { id, sha256, name: 'test', scopes: ['simulator:read'], ...rest }, 'test', 10)
    await store.close()
    await using app = await spawnApp('producer-sim', {
      ...{ AUTH: 'keys', IDENTITY_SECRET: 'x'.repeat(32), DATABASE_URL: database.url },
    })
    const ask = async (key: string) =>
      (await fetch(`${app.url}/api/v1/stream`, { headers: { 'x-api-key': key } })).status
    await eventually(async () => (await ask(text)) === 200)
    expect(await ask(createKey().text)).toBe(401)
  })

  it('does not start with a wrong setting, and says which in plain words', async () => {
    await using app = await spawnApp(
      'producer-sim',
      { LOG_LEVEL: 'loud', SHUTDOWN_MS: '0' },
      { waitFor: false },
    )
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.logs()).toMatch('LOG_LEVEL="loud": expected one of')
    expect(app.logs()).toMatch('SHUTDOWN_MS="0": expected a whole number')
    expect(app.logs()).not.toMatch('at ')
  })
})
