import { beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { postJson } from './post-json.ts'
import { startOnServices } from './test-environment.ts'
import { useBrowser } from './use-browser.ts'

/** The shortest that can be set: a search looks at one slice, or a few. */
const SHORT = { SEARCH_BUDGET_MS: '10', SEARCH_SLICE_ROWS: '100' }
const ENTRIES = 4000

describe('where a search may take little time', () => {
  const session = useBrowser(() => startOnServices({ appEnv: { 'query-api': SHORT } }))
  beforeAll(async () => {
    const nowMs = Date.now()
    const entries = Array.from({ length: ENTRIES }, (_, i) => ({
      level: 'info',
      service: 'long',
      message: i === 0 ? 'the needle' : `straw ${i}`,
      timestamp: new Date(nowMs - (ENTRIES - i) * 1000).toISOString(),
    }))
    for (let at = 0; at < ENTRIES; at += 500)
      await postJson(`${session().environment.ingest}/api/v1/logs?wait=stored`, entries.slice(at, at + 500))
  })

  it('it says how far back it came, and goes on from there until it finds', async () => {
    const { page, go, inspect } = session().visit
    await go('/console/logs?query=needle')
    const searched = page
      .getByRole('status')
      .filter({ hasText: /Searched back to .*older entries were not/s })
    await searched.waitFor()
    await page.getByText('Nothing matches so far.').waitFor()
    await inspect('searched-back')
    const found = page.getByRole('link', { name: 'the needle' })
    let last = ''
    for (let steps = 0; steps < ENTRIES / 100; steps++) {
      await eventually(async () => {
        const text = (await found.count()) > 0 ? 'found' : await searched.textContent({ timeout: 1000 })
        return text !== null && text !== last
      })
      if ((await found.count()) > 0) break
      last = (await searched.textContent())!
      await searched.getByRole('link', { name: 'Go on' }).click()
    }
    await found.waitFor()
    expect(last).not.toBe('')
  })

  it('patterns say from when on they are counted', async () => {
    const { page, go } = session().visit
    await go('/console/logs?query=straw&patterns=1')
    await page.getByText(/entries counted back to .*older ones are not/s).waitFor()
    await page.getByRole('table', { name: 'Patterns of messages' }).getByText('straw <num>').waitFor()
  })
})
