import { describe, expect, it } from '@jest/globals'
import { createTestDatabase, spawnApp, testPrefix } from '@runnel/testing'

describe('the process', () => {
  it('serves health, documentation and metrics, and ends with 0 after SIGTERM', async () => {
    await using database = await createTestDatabase()
    await using app = await spawnApp(
      'message-dispatcher',
      { DATABASE_URL: database.url, SUBJECT_PREFIX: testPrefix() },
      { waitFor: '/readyz' },
    )
    for (const path of ['/healthz', '/readyz', '/docs/', '/docs/json', '/metrics']) {
      expect([path, (await fetch(app.url + path)).status]).toEqual([path, 200])
    }
    expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch('app="message-dispatcher"')
    const unknown = await fetch(`${app.url}/api/v1/nothing`)
    expect(unknown.status).toBe(404)
    expect(unknown.headers.get('content-type')).toMatch('application/problem+json')
    expect(await app.stop()).toEqual({ code: 0, signal: null })
  })

  it('does not start with a wrong setting, and names it with what was expected', async () => {
    await using app = await spawnApp(
      'message-dispatcher',
      { LOG_LEVEL: 'loud', SHUTDOWN_MS: '0' },
      { waitFor: false },
    )
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.logs()).toMatch('LOG_LEVEL="loud": expected one of')
    expect(app.logs()).toMatch('SHUTDOWN_MS="0": expected a whole number')
    expect(app.logs()).not.toMatch('at ')
  })
})
