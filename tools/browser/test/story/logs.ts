import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { TestSession } from '../use-browser.ts'
import { postJson } from '../post-json.ts'

const CRASH = {
  level: 'error',
  service: 'checkout',
  message: 'payment declined by the bank, order 4711',
  region: 'eu-west',
}

/** An empty list, then a search that finds, and the entry in full. */
export async function findLog({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/logs')
  if (!environment.hasSample) {
    await page
      .getByText(/no (log )?entries/i)
      .first()
      .waitFor()
    await inspect(`${environment.name}-logs-empty`)
  }
  await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, CRASH)
  await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, {
    level: 'info',
    service: 'checkout',
    message: 'order 4712 accepted',
  })
  await page.getByRole('searchbox', { name: 'Search in messages' }).fill('"declined by" order -accepted')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  const rows = page.getByRole('table', { name: 'Log entries' }).locator('tbody tr')
  await rows.filter({ hasText: CRASH.message }).waitFor()
  // The entry may have been in the list before the search: only what the search leaves counts.
  await eventually(async () => (await rows.count()) === 1)
  expect(new URL(page.url()).searchParams.get('q')).toBe('"declined by" order -accepted')
  await inspect(`${environment.name}-logs`)

  await page.getByRole('link', { name: CRASH.message }).click()
  const panel = page.getByRole('complementary')
  await panel.getByText('eu-west').first().waitFor()
  await inspect(`${environment.name}-log-entry`)
  await panel.getByRole('button', { name: 'Copy as curl' }).click()
  await eventually(async () =>
    /^curl .*4711/s.test(await page.evaluate(() => navigator.clipboard.readText())),
  )
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
}

/** Entries show up while the tail is open. */
export async function followTail({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/logs?service=checkout')
  await page.getByRole('button', { name: 'Live tail' }).click()
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  await postJson(`${environment.ingest}/api/v1/logs`, {
    service: 'checkout',
    level: 'warn',
    message: 'seen as it came in',
  })
  await postJson(`${environment.ingest}/api/v1/logs`, { service: 'other', message: 'not asked for' })
  await page.getByRole('link', { name: 'seen as it came in' }).waitFor()
  expect(await page.getByText('not asked for').count()).toBe(0)
  await inspect(`${environment.name}-logs-tail`)
}
