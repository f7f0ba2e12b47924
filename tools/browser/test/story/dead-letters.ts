import { eventually } from '@runnel/testing'
import { DEAD_LETTER, DEAD_LETTER_REASON } from '../store-dead-letter.ts'
import type { TestSession } from '../use-browser.ts'

/** A letter that can be stored by now: it is replayed, leaves the list, and is found where it belongs. */
export async function replayDeadLetter({
  visit: { page, go, inspect },
  environment,
}: TestSession): Promise<void> {
  await environment.publishRaw?.('{"message": "cut off in the mid')
  await go('/console/dead-letters')
  const rows = page.getByRole('table', { name: 'Dead letters' }).locator('tbody tr')
  // The list reads itself again.
  if (environment.publishRaw) await rows.filter({ hasText: 'cut off in the mid' }).waitFor()
  const link = rows.getByRole('link', { name: DEAD_LETTER_REASON })
  await link.waitFor()
  await inspect(`${environment.name}-dead-letters`)
  await link.click()
  const panel = page.getByRole('complementary', { name: /^Dead letter/ })
  await panel.getByText(DEAD_LETTER.message).first().waitFor()
  await inspect(`${environment.name}-dead-letter`)
  await panel.getByRole('button', { name: 'Replay', exact: true }).click()
  await page.getByRole('status').filter({ hasText: 'The replay has started' }).waitFor()
  await panel.getByText('There is no such dead letter').waitFor()
  await eventually(async () => (await link.count()) === 0)
  await go(`/console/logs?q=${encodeURIComponent(DEAD_LETTER.message)}`)
  await page.getByRole('table').getByRole('link', { name: DEAD_LETTER.message }).waitFor()
}

/** What is broken for good comes back when all are replayed, and says so. */
export async function replayAll({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/dead-letters')
  if (!environment.publishRaw) {
    await page.getByText('There are no dead letters').waitFor()
    return inspect(`${environment.name}-dead-letters-empty`)
  }
  await page.getByRole('button', { name: 'Replay all' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Replay', exact: true }).click()
  await dialog.getByText(/dead letters? sent back/).waitFor()
  await inspect(`${environment.name}-dead-letters-replayed`)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('table', { name: 'Dead letters' }).getByText('failed again').first().waitFor()
}

/** By the code of their reason, one by one and all at once: none is deleted without being counted. */
export async function deleteDeadLetters({
  visit: { page, go, inspect },
  environment,
}: TestSession): Promise<void> {
  await go('/console/dead-letters')
  await page.getByRole('button', { name: 'Delete all' }).click()
  const dialog = page.getByRole('dialog')
  if (!environment.publishRaw) {
    await dialog.getByText('There is nothing to delete').waitFor()
    return dialog.getByRole('button', { name: 'Back' }).click()
  }
  await dialog.getByText('on all pages').waitFor()
  await dialog.getByRole('button', { name: 'Back' }).click()
  await environment.publishRaw('{"message": "given up as well')
  const groups = page.getByRole('region', { name: 'Dead letters by reason' })
  await groups.getByRole('link', { name: /^bad_json logs/ }).click()
  const rows = page.getByRole('table', { name: 'Dead letters' }).locator('tbody tr')
  await rows.filter({ hasText: 'given up as well' }).getByRole('link').click()
  const panel = page.getByRole('complementary', { name: /^Dead letter/ })
  await panel.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByText('Its event is lost').waitFor()
  await inspect(`${environment.name}-dead-letter-delete`)
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('status').filter({ hasText: 'The dead letter was deleted' }).waitFor()
  await eventually(async () => (await rows.filter({ hasText: 'given up as well' }).count()) === 0)
  await page.getByRole('button', { name: 'Delete all that match' }).click()
  await dialog.getByText('whose reason begins with bad_json').waitFor()
  await inspect(`${environment.name}-dead-letters-delete`)
  await dialog.getByRole('button', { name: /^Delete \d/ }).click()
  await dialog.getByText(/dead letters? deleted/).waitFor()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await page.getByText('No dead letter matches').waitFor()
}
