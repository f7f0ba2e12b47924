import type { TestSession } from '../use-browser.ts'

/** Who paused the mailing, found by its object; and who did nothing at all. */
export async function seeAudit({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/audit')
  const table = page.getByRole('table', { name: 'Audit log' })
  await table.getByRole('cell', { name: 'import', exact: true }).first().waitFor()
  await page.getByLabel('Object', { exact: true }).selectOption({ label: 'Mailing' })
  await table.getByRole('cell', { name: 'pause', exact: true }).first().waitFor()
  await inspect(`${environment.name}-audit`)
  await table
    .getByRole('link', { name: /^Mailing \d+$/ })
    .first()
    .waitFor()
  await page.getByLabel('Who', { exact: true }).fill('nobody of this name')
  await page.getByLabel('Who', { exact: true }).press('Enter')
  await page.getByText('No entry matches.').waitFor()
}
