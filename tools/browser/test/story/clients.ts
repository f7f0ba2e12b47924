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
  const href = await report.getByRole('link', { name: /^Download/ }).getAttribute('href')
  expect(href).toMatch(/^\/api\/v1\/clients\/imports\/\d+\/refused$/)
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

/** A phone is put on the suppression list, found there, and taken off. */
export async function keepSuppressionList({
  visit: { page, go, inspect },
  environment,
}: TestSession): Promise<void> {
  const phone = '79165559999'
  await go('/console/clients?tab=suppressions')
  await page.getByRole('button', { name: 'Add phone' }).click()
  const dialog = page.getByRole('dialog', { name: /^Add a phone/ })
  await dialog.getByLabel('Phone').fill('+7 (916) 555-99-99')
  await dialog.getByLabel('Reason').fill('By letter')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  const row = page.getByRole('table', { name: 'Suppression list' }).locator('tbody tr', { hasText: phone })
  await row.getByText('By letter').waitFor()
  await inspect(`${environment.name}-suppressions`)
  await row.getByRole('button', { name: `Remove ${phone}` }).click()
  const question = page.getByRole('dialog', { name: /^Remove this phone/ })
  await question.getByRole('button', { name: 'Remove', exact: true }).click()
  await row.waitFor({ state: 'detached' })
}
