import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { postJson } from '../post-json.ts'
import { isFocused, tabTo } from '../tab-to.ts'
import type { TestSession } from '../use-browser.ts'

const MINUTE_MS = 60_000
const SERVICE = 'checkout-on-call'
const CAUSE = 'release 2.4.1 is live, flag new-tax is on'
const ERRORS = 5

/** Half an hour of a shop: orders, a release without a word of errors, and errors after it. */
function createIncident(nowMs: number): object[] {
  const at = (minutes: number) => new Date(nowMs - minutes * MINUTE_MS).toISOString()
  const orders = Array.from({ length: 30 }, (_, i) => ({
    ...{ level: 'info', service: SERVICE, message: `order ${i} paid`, timestamp: at(30 - i) },
  }))
  const errors = Array.from({ length: ERRORS }, (_, i) => ({
    ...{ level: 'error', service: SERVICE, message: `tax ${i} of an order is not a number` },
    timestamp: at(11.5 - i),
  }))
  return [...orders, { level: 'info', service: 'releases', message: CAUSE, timestamp: at(11.6) }, ...errors]
}

/** The rate of errors has risen: finds what happened before the first, by keys alone, and links it to a colleague. */
export async function findCause({ visit, environment, openVisit }: TestSession): Promise<void> {
  const { page, go, inspect } = visit
  await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, createIncident(Date.now()))
  await go('/console/metrics')
  await page.getByRole('heading', { name: 'Metrics', level: 1 }).waitFor()
  await page.keyboard.type('gl')
  await page.getByRole('heading', { name: 'Logs', level: 1 }).waitFor()
  await page.keyboard.press('/')
  const query = page.getByRole('combobox', { name: 'Query of logs' })
  await eventually(() => isFocused(query))
  await page.keyboard.type(`level:error service:${SERVICE}`)
  await page.keyboard.press('Enter')
  const rows = page.getByRole('table', { name: 'Log entries' }).locator('tbody tr')
  await eventually(async () => (await rows.count()) === ERRORS)
  // The first error is the last of the list.
  const first = page.getByRole('link', { name: 'tax 0 of an order is not a number' })
  await tabTo(page, page.getByRole('link', { name: `tax ${ERRORS - 1} of an order is not a number` }))
  await page.keyboard.type('j'.repeat(ERRORS - 1))
  await eventually(() => isFocused(first))
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Log entry' })
  await tabTo(page, panel.getByRole('link', { name: 'Show around this' }))
  await page.keyboard.press('Enter')
  // What came before is there, whoever said it.
  const cause = page.getByRole('link', { name: CAUSE })
  await cause.waitFor()
  await page.keyboard.press('j')
  await panel.getByText(CAUSE).first().waitFor()
  await inspect(`${environment.name}-on-call`)
  await tabTo(page, panel.getByRole('button', { name: 'Copy link' }))
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  // The colleague sees the same, without a step.
  const colleague = await openVisit()
  await colleague.go(link.slice(environment.query.length))
  await colleague.page.getByRole('complementary').getByText(CAUSE).first().waitFor()
  await colleague.page.getByRole('link', { name: 'tax 0 of an order is not a number' }).waitFor()
  expect(new URL(link).origin).toBe(environment.query)
}
