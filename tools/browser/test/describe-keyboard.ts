import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { TestSession } from './use-browser.ts'
import { postJson } from './post-json.ts'
import { isFocused, tabTo } from './tab-to.ts'

/** The main paths without a pointer. */
export function describeKeyboard(session: () => TestSession): void {
  describe('a keyboard alone', () => {
    it('goes from view to view, past the navigation when one likes', async () => {
      const { page, go } = session().visit
      await go('/console/logs')
      const skip = page.getByRole('link', { name: 'Skip to the content' })
      await page.keyboard.press('Tab')
      await eventually(() => isFocused(skip))
      await page.keyboard.press('Enter')
      await eventually(() => isFocused(page.getByRole('main')))
      await tabTo(
        page,
        page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Metrics' }),
        'Shift+Tab',
      )
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Metrics', level: 1 }).waitFor()
      await eventually(() => isFocused(page.getByRole('main')))
    })

    it('searches logs, opens an entry, and is back in the list with Escape', async () => {
      const {
        visit: { page, go },
        environment,
      } = session()
      await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, {
        level: 'info',
        message: 'typed, not clicked',
      })
      await go('/console/logs')
      await tabTo(page, page.getByRole('combobox', { name: 'Query of logs' }))
      await page.keyboard.type('"not clicked"')
      await page.keyboard.press('Enter')
      const entry = page.getByRole('table').getByRole('link', { name: 'typed, not clicked' })
      await eventually(async () => (await page.getByRole('table').getByRole('link').count()) === 1)
      await tabTo(page, entry)
      await page.keyboard.press('Enter')
      const panel = page.getByRole('complementary', { name: 'Log entry' })
      await panel.waitFor()
      await eventually(() => isFocused(panel.getByRole('heading', { name: 'Log entry' })))
      await page.keyboard.press('Escape')
      await panel.waitFor({ state: 'detached' })
      await eventually(() => isFocused(entry))
    })

    it('opens a menu, chooses in it, and leaves it with Escape', async () => {
      const { page, go } = session().visit
      await go('/console/logs')
      // What opens something: the open menu has a button of this name, too.
      const button = page.locator('button[aria-controls]').filter({ hasText: 'Last 24 hours' })
      await tabTo(page, button)
      await page.keyboard.press('Enter')
      await tabTo(page, page.getByRole('button', { name: 'Last hour', exact: true }))
      await page.keyboard.press('Escape')
      await eventually(() => isFocused(button))
      await page.keyboard.press('Enter')
      await tabTo(page, page.getByRole('button', { name: 'Last hour', exact: true }))
      await page.keyboard.press('Enter')
      await eventually(() => new URL(page.url()).searchParams.get('range') === '1h')
    })

    it('stays in a dialog until that is closed, and is back where it was', async () => {
      const { page, go } = session().visit
      await go('/console/clients')
      const button = page.getByRole('button', { name: 'Import', exact: true })
      await tabTo(page, button)
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Import clients' })
      await dialog.waitFor()
      for (let steps = 0; steps < 12; steps++) {
        await page.keyboard.press('Tab')
        // Between the last and the first the browser's own controls have their turn: nothing of the page then.
        const isInside = await dialog.evaluate(
          (element) => element.contains(document.activeElement) || document.activeElement === document.body,
        )
        expect(isInside).toBe(true)
      }
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
      await eventually(() => isFocused(button))
    })

    it('makes a mailing', async () => {
      const { page, go } = session().visit
      await go('/console/mailings')
      await tabTo(page, page.getByRole('link', { name: 'New mailing' }))
      await page.keyboard.press('Enter')
      await tabTo(page, page.getByLabel('Name'))
      await page.keyboard.type('Typed')
      await tabTo(page, page.getByLabel('Text', { exact: true }))
      await page.keyboard.type('Hello')
      await tabTo(page, page.getByRole('button', { name: 'Save as draft' }))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Typed' }).waitFor()
      await page.getByText('draft', { exact: true }).first().waitFor()
    })
  })
}
