import { beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { Visit } from '../src/index.ts'
import { DEAD_LETTER_REASON } from './store-dead-letter.ts'
import { useBrowser } from './use-browser.ts'
import { postJson } from './post-json.ts'
import { startOnPrivateServers } from './test-environment.ts'

/** Views that read from the database, each with something that only data bring. */
const VIEWS = [
  { path: '/console/logs', sign: 'before the outage', says: /database is unreachable.*again automatically/s },
  { path: '/console/metrics', sign: 'pressure', says: /database is unreachable.*again automatically/s },
  { path: '/console/clients', sign: '79165550001', says: /database is unreachable.*again automatically/s },
  {
    path: '/console/dead-letters',
    sign: DEAD_LETTER_REASON,
    says: /database is unreachable.*again automatically/s,
  },
  // From the cache of query-api, which is past its time.
  { path: '/console/mailings', sign: 'Before the outage', says: /stale.*database is unreachable/is },
] as const

const REQUEST_FAILED = /^console: Failed to load resource/

/** What stands on a page that is served from a cache alone. */
const STALE = /database does not answer.*may be out of date/

describe('a server goes away', () => {
  const session = useBrowser(startOnPrivateServers, REQUEST_FAILED)
  const visits = new Map<string, Visit>()
  let follower: Visit

  beforeAll(async () => {
    const { environment, openVisit } = session()
    const { ingest } = environment
    await postJson(`${ingest}/api/v1/products?wait=stored`, { id: 1, name: 'Kettle', price: 30 })
    await postJson(`${ingest}/api/v1/logs?wait=stored`, { level: 'info', message: 'before the outage' })
    await postJson(`${ingest}/api/v1/metrics?wait=stored`, { data: { name: 'pressure', value: 1 } })
    await postJson(`${environment.query}/api/v1/clients`, { phone: '79165550001', timeZone: 'Europe/Moscow' })
    const end = new Date(Date.now() + 3_600_000).toISOString()
    const mailing = { name: 'Before the outage', text: 'hi', end, draft: true }
    await postJson(`${environment.query}/api/v1/mailings`, mailing)
    await session().visit.go('/')
    for (const { path, sign } of VIEWS) {
      const visit = await openVisit()
      visits.set(path, visit)
      await visit.go(path)
      await visit.page.getByText(sign).first().waitFor()
    }
    follower = await openVisit()
    await follower.go('/console/logs?live=1')
    await follower.page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  }, 60_000)

  it('without Redis all views go on, and the system view says that it is unreachable', async () => {
    const { visit, environment } = session()
    await environment.redis.stop()
    for (const { path, sign } of VIEWS) {
      const { page } = visits.get(path)!
      await page.reload()
      await page.getByText(sign).first().waitFor()
      expect(await page.getByRole('alert').count()).toBe(0)
    }
    await visit.go('/')
    await visit.page.getByRole('link', { name: 'Kettle' }).waitFor()
    await visit.go('/console/system')
    const redis = visit.page.getByRole('list', { name: 'Servers' }).getByRole('listitem')
    await redis.filter({ hasText: /Redis.*unreachable/ }).waitFor()
    await environment.redis.restart()
    await redis.filter({ hasText: /Redis.*answers/ }).waitFor()
  })

  describe('without PostgreSQL', () => {
    beforeAll(() => session().environment.postgres.stop())

    it.each(VIEWS)('$path says so', async ({ path, says }) => {
      const { page } = visits.get(path)!
      await page.reload()
      const note = page.locator('.error-note, .stale-note').filter({ hasText: says })
      await note.first().waitFor()
    })

    it('the system view says so', async () => {
      const { page, go } = session().visit
      await go('/console/system')
      const servers = page.getByRole('list', { name: 'Servers' }).getByRole('listitem')
      await servers.filter({ hasText: /PostgreSQL.*unreachable/ }).waitFor()
    })

    it('shows products as they were known, and says so', async () => {
      const { page, go } = session().visit
      const note = page.getByRole('status').filter({ hasText: STALE })
      // What is fresh enough needs no note.
      await eventually(
        async () => {
          await go('/')
          return (await note.count()) > 0
        },
        { everyMs: 500 },
      )
      expect(await page.getByRole('link', { name: 'Kettle' }).count()).toBe(1)
    })

    it('shows everything again by itself once it is back', async () => {
      const { environment, visit } = session()
      await postJson(`${environment.ingest}/api/v1/logs`, { level: 'info', message: 'kept meanwhile' })
      await environment.postgres.restart()
      await Promise.all(
        VIEWS.map(async ({ path, sign }) => {
          const { page } = visits.get(path)!
          await page.getByText(sign).first().waitFor()
          await eventually(async () => (await page.locator('.error-note, .stale-note').count()) === 0)
        }),
      )
      await eventually(async () => (await visit.page.getByText(STALE).count()) === 0)
      await follower.page.getByText('kept meanwhile').waitFor()
    })
  })
})
