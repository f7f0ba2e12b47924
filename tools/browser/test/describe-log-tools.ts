import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { execFileSync } from 'node:child_process'
import { postJson } from './post-json.ts'
import type { TestSession } from './use-browser.ts'

/** What people do with logs beyond a search. */
export function describeLogTools(session: () => TestSession): void {
  const post = (entry: object) =>
    postJson(`${session().environment.ingest}/api/v1/logs?wait=stored`, { level: 'info', ...entry })

  describe('a live tail', () => {
    it('says why it rests, counts what waits, and goes to the newest', async () => {
      const { page, go, inspect } = session().visit
      await go('/console/logs?live=1&service=tail-a')
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
      await post({ service: 'tail-a', message: 'the first of the tail' })
      await page.getByRole('link', { name: 'the first of the tail' }).hover()
      await page.getByRole('status').filter({ hasText: 'Rests while the pointer is on the list' }).waitFor()
      await post({ service: 'tail-a', message: 'the second of the tail' })
      const newest = page.getByRole('button', { name: 'To the newest (1)' })
      await newest.waitFor()
      expect(await page.getByText('the second of the tail').count()).toBe(0)
      // Without moving the pointer, which would be reason enough.
      await newest.focus()
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'the second of the tail' }).waitFor()
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
      await page.getByRole('button', { name: 'Pause', exact: true }).click()
      await page.getByRole('status').filter({ hasText: 'Paused until you resume it' }).waitFor()
      await post({ service: 'tail-a', message: 'the third of the tail' })
      await page.getByRole('button', { name: 'To the newest (1)' }).waitFor()
      await inspect('tail-paused')
      await page.getByRole('button', { name: 'Resume', exact: true }).click()
      await page.getByRole('link', { name: 'the third of the tail' }).waitFor()
    })

    it('is walked through with the keys of a list', async () => {
      const { page, go } = session().visit
      await go('/console/logs?live=1&service=tail-d')
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
      for (const message of ['walked one', 'walked two']) await post({ service: 'tail-d', message })
      await page.getByRole('link', { name: 'walked two' }).click()
      const panel = page.getByRole('complementary', { name: 'Log entry' })
      const shown = (message: string) => panel.locator('.log-text').filter({ hasText: message }).waitFor()
      await shown('walked two')
      await page.keyboard.press('j')
      await shown('walked one')
      await page.keyboard.press('ArrowUp')
      await shown('walked two')
      await page.keyboard.press('Escape')
    })

    it('goes on when its list is another one under the pointer', async () => {
      const { page, go } = session().visit
      await go('/console/logs?live=1&service=tail-b')
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
      await post({ service: 'tail-b', message: 'under the pointer' })
      await page.getByRole('link', { name: 'under the pointer' }).hover()
      await page.getByRole('status').filter({ hasText: 'Rests' }).waitFor()
      // As the browser's own buttons do: the pointer stays where it is.
      await page.evaluate(() => {
        history.pushState(null, '', '/console/logs?live=1&service=tail-c')
        dispatchEvent(new PopStateEvent('popstate'))
      })
      await page.getByText('Waiting for entries').waitFor()
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
      await post({ service: 'tail-c', message: 'of the other list' })
      await page.getByRole('link', { name: 'of the other list' }).waitFor()
    })
  })

  it('what is searched for is marked in messages, by expressions too', async () => {
    const { page, go, inspect } = session().visit
    await post({ service: 'marked', message: 'Payment 1234 of ann@example.org took 87 ms, then 9ms' })
    await go(
      `/console/logs?query=${encodeURIComponent('service:marked payment /[a-z]+@[a-z.]+/ /\\d+ ?ms/')}`,
    )
    const marks = page.locator('.log-message mark')
    await marks.first().waitFor()
    expect(await marks.allTextContents()).toEqual(['Payment', 'ann@example.org', '87 ms', '9ms'])
    await inspect('logs-marked')
    // An expression that browsers would try in every way.
    await post({ service: 'marked-long', message: 'ab'.repeat(8000) })
    await go(`/console/logs?query=${encodeURIComponent('service:marked-long /^(a|aa|[ab]*)*b/')}`)
    await eventually(async () => (await marks.count()) === 1)
  })

  it('several levels are chosen, and all again', async () => {
    const { page, go, inspect } = session().visit
    for (const level of ['error', 'WARNING', 'info'])
      await post({ level, service: 'leveled', message: `an ${level}` })
    await go('/console/logs?query=service:leveled')
    const rows = page.getByRole('table', { name: 'Log entries' }).locator('tbody tr')
    await eventually(async () => (await rows.count()) === 3)
    await page.getByRole('button', { name: 'All levels' }).click()
    await page.getByRole('checkbox', { name: 'error' }).check()
    await eventually(async () => (await rows.count()) === 1)
    await page.getByRole('checkbox', { name: 'warn' }).check()
    await eventually(async () => (await rows.count()) === 2)
    await inspect('logs-levels')
    expect(new URL(page.url()).searchParams.get('level')).toBe('error,warn')
    await page.getByRole('group', { name: 'Levels' }).getByRole('button', { name: 'All levels' }).click()
    await eventually(async () => (await rows.count()) === 3)
  })

  it('what stands around an entry is never mistaken for the list before', async () => {
    const { page, go } = session().visit
    await post({ service: 'around-a', message: 'in the middle' })
    await post({ service: 'around-b', message: 'beside it' })
    await go('/console/logs?query=service:around-a')
    await page.getByRole('link', { name: 'in the middle' }).click()
    let answer = () => {}
    const held = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/api/v1/logs/*/context?*', async (route) => {
      await held
      await route.continue()
    })
    await page.getByRole('link', { name: 'Show around this' }).click()
    const table = page.getByRole('table', { name: 'Log entries' })
    await page.getByText('Loading').waitFor()
    expect(await table.count()).toBe(0)
    answer()
    await table.getByText('beside it').waitFor()
    await page.unroute('**/api/v1/logs/*/context?*')
    await page.keyboard.press('Escape')
  })

  it('the first entry is seen on a phone without scrolling, and filters are a touch away', async () => {
    const { page, go } = session().visit
    await go('/console/logs?query=service:leveled')
    await page.setViewportSize({ width: 390, height: 844 })
    const first = page.getByRole('table', { name: 'Log entries' }).locator('tbody tr').first()
    await first.waitFor()
    await page.getByRole('heading', { name: '3 entries' }).waitFor()
    expect((await first.boundingBox())!.y).toBeLessThanOrEqual(300)
    const service = page.getByRole('combobox', { name: 'Service' })
    expect(await service.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Filters' }).click()
    await service.waitFor()
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  it('the command that is copied stores the entry once more, under a key of its own', async () => {
    const { page, go } = session().visit
    const { query } = session().environment
    await post({ service: 'copied', message: "it's copied", eventId: 'copied-once' })
    await go('/console/logs?service=copied')
    await page.getByRole('link', { name: "it's copied" }).click()
    const panel = page.getByRole('complementary', { name: 'Log entry' })
    await panel.getByRole('button', { name: 'Copy as curl' }).click()
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    const answer = execFileSync('sh', ['-c', `${command} --silent --fail-with-body`], { encoding: 'utf8' })
    expect(JSON.parse(answer)).toEqual({ status: 'ok' })
    await eventually(async () => {
      const { items } = (await (await fetch(`${query}/api/v1/logs?service=copied`)).json()) as {
        items: { data: { message: string; eventId: string } }[]
      }
      const ids = items.map(({ data }) => data.eventId)
      return items.length === 2 && new Set(ids).size === 2 && ids.includes('copied-once')
    })
  })

  it('a filter by an attribute that cannot be read says what is wrong beside it', async () => {
    const { page, go, inspect } = session().visit
    await go('/console/logs?service=copied')
    const field = page.getByRole('textbox', { name: 'Attribute filter, name=value' })
    for (const [text, problem] of [
      ['region', 'Write a name, = and a value'],
      ['region=', 'The value after = is missing'],
      ['=eu', 'The name before = is missing'],
    ] as const) {
      await field.fill(text)
      await field.press('Enter')
      await page.getByRole('alert').filter({ hasText: problem }).waitFor()
      expect(await field.getAttribute('aria-invalid')).toBe('true')
    }
    await inspect('attribute-refused')
    await field.fill('region=eu')
    expect(await page.getByRole('alert').count()).toBe(0)
    await field.press('Enter')
    await eventually(() => new URL(page.url()).searchParams.get('attr.region') === 'eu')
  })
}
