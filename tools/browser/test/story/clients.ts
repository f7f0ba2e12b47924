import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { TestSession } from '../use-browser.ts'
import { BROKEN_LINE, PEOPLE, peopleFile, STORY_TAG } from './people.ts'

/** A file with one bad line: the good ones are taken, and the report names the other. */
export async function importClients({
  visit: { page, go, inspect },
  environment,
}: TestSession): Promise<void> {
  await go('/console/clients')
  if (!environment.hasSample) {
    await page.getByText('There are no clients yet').waitFor()
    await inspect(`${environment.name}-clients-empty`)
  }
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Import clients' })
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'clients.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(peopleFile()),
  })
  await dialog.getByText('clients.csv').waitFor()
  await inspect(`${environment.name}-clients-import`)
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  const report = page.getByRole('complementary', { name: /^Import/ })
  const refused = report.getByRole('table', { name: 'Refused lines' }).locator('tbody tr')
  await eventually(async () => (await refused.count()) === 1)
  expect(await refused.innerText()).toMatch(new RegExp(`^${BROKEN_LINE}\\s+phone`))
  await inspect(`${environment.name}-clients-report`)
}

/** The list, narrowed down to some, and one of them in full. */
export async function findClient({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go(`/console/clients?tag=${STORY_TAG}`)
  const rows = page.getByRole('table', { name: 'Clients' }).locator('tbody tr')
  await eventually(async () => (await rows.count()) === PEOPLE.length)
  await inspect(`${environment.name}-clients`)
  await rows.first().getByRole('link').first().click()
  await page.getByRole('complementary').getByText('Europe/Moscow').first().waitFor()
  await inspect(`${environment.name}-client`)
}
