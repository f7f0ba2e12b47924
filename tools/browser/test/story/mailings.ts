import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { TestSession } from '../use-browser.ts'
import { STORY_TAG, type Person } from './people.ts'

const NAME = 'Autumn sale'
const TEXT = 'Hello {{ attributes.name }}, your code is {{ attributes.code }}'

/** From an empty form, beside a preview of what people would read, to a mailing that runs. */
export async function makeMailing(
  { visit: { page, go, inspect }, environment }: TestSession,
  people: readonly Person[],
): Promise<void> {
  await go('/console/mailings')
  if (!environment.hasSample) {
    await page.getByText('There are no mailings yet').waitFor()
    await inspect(`${environment.name}-mailings-empty`)
  }
  await page.getByRole('link', { name: 'New mailing' }).click()
  await page.getByRole('heading', { name: 'New mailing' }).waitFor()
  await page.getByLabel('Name').fill(NAME)
  await page.getByLabel('Text', { exact: true }).fill(TEXT)
  await page.getByLabel('Tags').fill(STORY_TAG)
  await page.getByLabel('Tags').press('Enter')
  // So slow that it is paused half-way on a busy machine, too.
  await page.getByLabel('Maximum messages per second').fill('1')
  const [anybody] = people
  await page.getByText(`Hello ${anybody!.name}, your code is ${anybody!.code}`).first().waitFor()
  const review = page.getByRole('button', { name: `Review and send to ${people.length} clients` })
  await review.waitFor()
  await inspect(`${environment.name}-mailing-new`)
  await review.click()
  await page
    .getByRole('dialog', { name: 'Send this mailing?' })
    .getByRole('button', { name: `Start sending to ${people.length} clients` })
    .click()
  await page.getByRole('heading', { name: NAME }).waitFor()
  await page.getByText('running', { exact: true }).first().waitFor()
}

/** Pauses it half-way, resumes it, and watches it come to its end. */
export async function pauseAndResume(
  { visit: { page, inspect }, environment }: TestSession,
  people: readonly Person[],
): Promise<void> {
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByText('paused', { exact: true }).first().waitFor()
  await page.getByRole('link', { name: /pending/ }).waitFor()
  await inspect(`${environment.name}-mailing-paused`)
  await liftRate(environment.query + new URL(page.url()).pathname.replace('/console', '/api/v1'))
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Resume this mailing?' })
  await inspect(`${environment.name}-mailing-confirm`)
  await dialog.getByRole('button', { name: 'Resume', exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('completed', { exact: true }).first().waitFor()
  await page.getByText(`of ${people.length}`).first().waitFor()
  await eventually(async () => (await page.getByText('100%').count()) > 0)
  await inspect(`${environment.name}-mailing-completed`)
  const link = page
    .getByRole('navigation', { name: 'Parts of the mailing' })
    .getByRole('link', { name: 'History' })
  await link.click()
  const history = page.getByRole('table', { name: 'History' })
  await eventually(async () => /resumed.*paused/is.test(await history.innerText()))
  await inspect(`${environment.name}-mailing-history`)
}

/** Nothing is left to wait for after the pause. @param url of the mailing */
async function liftRate(url: string): Promise<void> {
  const { ok } = await fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ratePerSecond: null }),
  })
  expect(ok).toBe(true)
}

/** Opens a message, with every attempt to send it. */
export async function seeAttempts({ visit: { page, inspect }, environment }: TestSession): Promise<void> {
  const parts = page.getByRole('navigation', { name: 'Parts of the mailing' })
  await parts.getByRole('link', { name: 'Messages' }).click()
  const messages = page.getByRole('table', { name: 'Messages' })
  await messages.locator('tbody tr').first().waitFor()
  await messages
    .getByText(/^\d{11}$/)
    .first()
    .waitFor()
  await inspect(`${environment.name}-messages`)
  await messages.locator('tbody tr').first().getByRole('link').first().click()
  const panel = page.getByRole('complementary', { name: /^Message/ })
  await panel.getByText('HTTP 200').first().waitFor()
  await panel.getByText('accepted', { exact: true }).first().waitFor()
  // As it was sent, and with which text.
  await panel.getByText(/^Hello .*, your code is /).waitFor()
  await panel.getByText(/with the text of version \d/).waitFor()
  await inspect(`${environment.name}-message`)
}

/** The list says how each of them went. */
export async function seeMailings({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/mailings?status=completed')
  const row = page.getByRole('table', { name: 'Mailings' }).locator('tbody tr').filter({ hasText: NAME })
  await row.getByText('completed', { exact: true }).waitFor()
  await inspect(`${environment.name}-mailings`)
}
