import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { Page } from 'playwright-core'
import { postJson } from './post-json.ts'
import { isFocused } from './tab-to.ts'
import type { TestSession } from './use-browser.ts'

const SERVICE = 'shell'

/** What every page has: keys, themes, short messages, and signs that something scrolls. */
export function describeShell(session: () => TestSession): void {
  const startMs = Date.now()
  /** The same each time: sent again, they are known. */
  const postLogs = async () => {
    const logs = Array.from({ length: 60 }, (_, i) => ({
      ...{ level: 'info', service: SERVICE, message: `line ${i}` },
      timestamp: new Date(startMs - i * 1000).toISOString(),
      eventId: `shell-${i}`,
    }))
    await postJson(`${session().environment.ingest}/api/v1/logs?wait=stored`, logs)
  }

  describe('keys', () => {
    it('lead to the search of the page, and from page to page', async () => {
      const { page, go } = session().visit
      await go('/console/logs')
      await page.getByRole('heading', { name: 'Logs', level: 1 }).waitFor()
      await page.keyboard.press('/')
      const query = page.getByRole('combobox', { name: 'Query of logs' })
      await eventually(() => isFocused(query))
      // Typed into a field, they are text.
      await page.keyboard.type('/gm?')
      expect(await query.inputValue()).toBe('/gm?')
      expect(await page.getByRole('dialog').count()).toBe(0)
      await leaveField(page)
      await page.keyboard.type('gc')
      await page.getByRole('heading', { name: 'Clients', level: 1 }).waitFor()
      await page.keyboard.press('/')
      await eventually(() => isFocused(page.getByRole('searchbox', { name: 'Search clients' })))
      await leaveField(page)
      // A sequence that does not go on counts from its last key.
      await page.keyboard.type('ggs')
      await page.getByRole('heading', { name: 'System', level: 1 }).waitFor()
      await page.keyboard.type('gp')
      await page.getByRole('heading', { name: 'Products', level: 1 }).waitFor()
    })

    it('lead through a list, and through the entries of it once one is open', async () => {
      const { page, go } = session().visit
      await postLogs()
      await go(`/console/logs?service=${SERVICE}`)
      const link = (text: string) => page.getByRole('link', { name: text, exact: true })
      await link('line 0').waitFor()
      await page.keyboard.type('jjjk')
      await eventually(() => isFocused(link('line 1')))
      await page.keyboard.press('Enter')
      const panel = page.getByRole('complementary', { name: 'Log entry' })
      await panel.getByText('line 1', { exact: true }).waitFor()
      await page.keyboard.type('jj')
      await panel.getByText('line 3', { exact: true }).waitFor()
      await page.keyboard.press('k')
      await panel.getByText('line 2', { exact: true }).waitFor()
      await page.keyboard.press('Escape')
      await panel.waitFor({ state: 'detached' })
    })

    it('are listed, and can be switched off for good', async () => {
      const { page, go, inspect } = session().visit
      await go('/console/logs')
      await page.getByRole('heading', { name: 'Logs', level: 1 }).waitFor()
      await page.keyboard.press('?')
      const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
      await dialog.getByRole('region', { name: 'Go to' }).getByText('Dead letters').waitFor()
      await inspect('shortcuts')
      await dialog.getByRole('checkbox').uncheck()
      await page.keyboard.press('Escape')
      await page.reload()
      await page.getByRole('heading', { name: 'Logs', level: 1 }).waitFor()
      await page.keyboard.type('gm?/')
      expect(await page.getByRole('combobox', { name: 'Query of logs' }).evaluate(hasFocus)).toBe(false)
      expect(await page.getByRole('dialog').count()).toBe(0)
      expect(new URL(page.url()).pathname).toBe('/console/logs')
      await page.getByRole('button', { name: 'Theme and keyboard' }).click()
      await page.getByRole('button', { name: /^Keyboard shortcuts/ }).click()
      await dialog.getByRole('checkbox').check()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
      await page.keyboard.type('gm')
      await page.getByRole('heading', { name: 'Metrics', level: 1 }).waitFor()
    })
  })

  describe('a theme', () => {
    it('holds in every page and window of the browser, before anything of the page is drawn', async () => {
      const { page, go, inspect } = session().visit
      await go('/console/system')
      await choose(page, 'Dark')
      await eventually(() => isDark(page))
      await inspect('theme-dark')
      const held = Promise.withResolvers<void>()
      await page.route('**/console/assets/index-*.js', async (route) => {
        await held.promise
        await route.continue()
      })
      const going = go('/console/logs')
      // The page is there, its script is not yet.
      await page.waitForFunction(() => document.styleSheets.length > 0 && document.body !== null)
      await eventually(() => isDark(page))
      expect(await page.getByRole('heading').count()).toBe(0)
      held.resolve()
      await going
      await page.unroute('**/console/assets/index-*.js')
      await go('/')
      await eventually(() => isDark(page))
      await go('/console/logs')
      const other = await page.context().newPage()
      await other.goto(page.url())
      await choose(other, 'As the system')
      await other.close()
      await eventually(async () => !(await isDark(page)))
    })
  })

  describe('what was done', () => {
    it('is said in a strip that covers nothing, until one has read it', async () => {
      const { page, go, inspect } = session().visit
      await postLogs()
      await go(`/console/logs?service=${SERVICE}`)
      await page.getByRole('link', { name: 'line 59', exact: true }).click()
      const panel = page.getByRole('complementary', { name: 'Log entry' })
      await panel.getByRole('button', { name: 'Copy link' }).click()
      const toast = page.getByRole('status').getByText('Copied')
      // It does not go while the focus is on it.
      await page.getByRole('button', { name: 'Dismiss: Copied' }).focus()
      const strip = page.locator('.toasts')
      const top = (await strip.boundingBox())!.y
      await eventually(async () => (await bottomOf(panel)) <= top)
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
      await eventually(async () => (await bottomOf(page.getByRole('table'))) <= top)
      await inspect('toast')
      await page.getByRole('button', { name: 'Dismiss: Copied' }).click()
      await toast.waitFor({ state: 'detached' })
      await eventually(async () => (await bottomOf(panel)) > top)
    })

    it('is said in the dialog that is open', async () => {
      const { page, go, inspect } = session().visit
      await go('/console/keys')
      await page.getByRole('button', { name: 'New key' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Name').fill('to copy')
      await dialog.getByRole('checkbox', { name: 'logs:read' }).check()
      await dialog.getByRole('button', { name: 'Create' }).click()
      await dialog.getByRole('button', { name: 'Copy' }).click()
      await dialog.getByRole('status').getByText('Copied').waitFor()
      await inspect('toast-in-dialog')
      await dialog.getByRole('button', { name: 'Done' }).click()
    })
  })

  it('what scrolls sideways shows on which side there is more', async () => {
    const { page, go } = session().visit
    await go('/console/logs')
    const nav = page.getByRole('navigation', { name: 'Main' })
    await page.setViewportSize({ width: 390, height: 844 })
    await eventually(async () => (await nav.getAttribute('data-more')) !== null)
    await nav.evaluate((element) => element.scrollTo({ left: 0 }))
    await eventually(async () => (await nav.getAttribute('data-more')) === 'right')
    await nav.evaluate((element) => element.scrollTo({ left: element.scrollWidth }))
    await eventually(async () => (await nav.getAttribute('data-more')) === 'left')
    // Columns that do not fit, where rows are no paragraphs yet.
    await page.setViewportSize({ width: 720, height: 800 })
    await go(`/console/logs?service=${SERVICE}&columns=host,region,user,order,product,currency,shop,campaign`)
    const frame = page.locator('.table-frame')
    await eventually(async () => (await frame.getAttribute('data-more')) === 'right')
    await page.setViewportSize({ width: 1280, height: 800 })
  })
}

/** Takes the focus from a field. */
async function leaveField(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
}

function hasFocus(element: Element): boolean {
  return element === document.activeElement
}

async function choose(page: Page, theme: string): Promise<void> {
  await page.getByRole('button', { name: 'Theme and keyboard' }).click()
  await page.getByRole('button', { name: theme, exact: true }).click()
}

/** Whether the paper that everything stands on is dark. */
async function isDark(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const [red = 255] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? []
    return red < 64
  })
}

async function bottomOf(target: { boundingBox(): Promise<{ y: number; height: number } | null> }) {
  const box = await target.boundingBox()
  return box ? box.y + box.height : 0
}
