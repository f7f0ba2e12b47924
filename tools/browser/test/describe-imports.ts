import { describe, expect, it } from '@jest/globals'
import type { TestSession } from './use-browser.ts'

/** An import says what it was of, and what became of it. */
export function describeImports(session: () => TestSession): void {
  const importFile = async (name: string, text: string) => {
    const { page, go } = session().visit
    await go('/console/clients?tab=imports')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Import clients' })
    const file = { name, mimeType: 'text/csv', buffer: Buffer.from(text) }
    await dialog.locator('input[type=file]').setInputFiles(file)
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  }
  const rowOf = (name: string) =>
    session()
      .visit.page.getByRole('table', { name: 'Imports' })
      .locator('tbody tr')
      .filter({ has: session().visit.page.getByRole('link', { name, exact: true }) })

  describe('an import', () => {
    it('that fails is in the list by the name of its file, with the reason in words', async () => {
      const { page, go } = session().visit
      const url = `${session().environment.query}/api/v1/clients/import?timeZone=UTC&name=misspelt.csv`
      const headers = { 'content-type': 'text/csv' }
      await fetch(url, { method: 'POST', headers, body: 'phone,optd_out\n79165550201,yes' })
      await go('/console/clients?tab=imports')
      const row = rowOf('misspelt.csv')
      await row.getByText('aborted', { exact: true }).waitFor()
      await row.getByText('Did you mean optedOut?').waitFor()
      await row.getByRole('link', { name: 'misspelt.csv' }).click()
      const report = page.getByRole('complementary', { name: /^Import/ })
      await report.getByText('Did you mean optedOut?').waitFor()
    })

    it('of which every line is refused is no success, and shows the first of them', async () => {
      const { page, inspect } = session().visit
      await importFile('refused.csv', 'phone\nnone\nneither\n')
      const report = page.getByRole('complementary', { name: /^Import/ })
      await report.getByText('refused.csv', { exact: true }).waitFor()
      const badge = report.getByText('all lines refused', { exact: true })
      await badge.waitFor()
      expect(await badge.getAttribute('data-tone')).toBe('bad')
      const lines = report.getByRole('table', { name: 'Refused lines' }).locator('tbody tr')
      await lines.filter({ hasText: 'phone' }).nth(1).waitFor()
      await inspect('import-refused')
      await report.getByRole('button', { name: 'Close' }).click()
      await rowOf('refused.csv').getByText('all lines refused', { exact: true }).waitFor()
      await inspect('imports')
    })
  })
}
