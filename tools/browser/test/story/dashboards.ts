import { expect } from '@jest/globals'
import type { Locator, Page } from 'playwright-core'
import { postJson } from '../post-json.ts'
import type { TestSession } from '../use-browser.ts'

const MINUTE_MS = 60_000
const DASHBOARDS = '/console/metrics/dashboards'

async function postOrders({ environment }: TestSession): Promise<void> {
  const nowMs = Date.now()
  await postJson(
    `${environment.ingest}/api/v1/metrics?wait=stored`,
    Array.from({ length: 60 }, (_, i) => i).flatMap((i) => {
      const timestamp = new Date(nowMs - (60 - i) * MINUTE_MS).toISOString()
      const tags = { shop: i % 2 === 0 ? 'berlin' : 'paris' }
      return [
        { data: { name: 'checkout_time', unit: 'ms', value: 200 + 30 * Math.sin(i / 7), timestamp, tags } },
        { data: { name: 'orders_total', unit: 'orders', value: 60 * i, timestamp } },
        { data: { name: 'basket', value: 3 + (i % 5), timestamp } },
      ]
    }),
  )
}

async function pin(page: Page, title: string, choose: (dialog: Locator) => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: /^Pin / }).click()
  const dialog = page.getByRole('dialog', { name: 'Pin to a dashboard' })
  await dialog.getByLabel('Title of the chart').fill(title)
  await choose(dialog)
  await dialog.getByRole('button', { name: 'Pin', exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

const headings = (page: Page) => page.getByRole('heading', { level: 2 }).allInnerTexts()

/** Opens the only dashboard of this name from the list. */
async function openDashboard(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

/** Two charts: one makes the dashboard, the other comes to it. */
export async function pinCharts(session: TestSession): Promise<void> {
  const { visit, environment } = session
  const { page, go, inspect } = visit
  await go(DASHBOARDS)
  await page.getByText('There are no dashboards yet').waitFor()
  await postOrders(session)
  await go('/console/metrics?name=checkout_time&agg=p95&by=shop&range=1h')
  await page.getByRole('img', { name: 'checkout_time over time' }).waitFor()
  await pin(page, 'Slowest checkouts', async (dialog) => {
    await dialog.getByRole('combobox', { name: 'Dashboard' }).selectOption({ label: 'A new dashboard' })
    await inspect(`${environment.name}-dashboard-pin`)
    await dialog.getByLabel('Name of the new dashboard').fill('Shop')
  })
  await page.getByText('Pinned to Shop').waitFor()
  await go('/console/metrics?name=orders_total&agg=rate&compare=1d&range=1h')
  await page.getByRole('img', { name: 'orders_total over time' }).waitFor()
  await pin(page, '', async () => {})
  await page.getByRole('link', { name: 'Dashboards', exact: true }).click()
  await page.getByRole('row').filter({ hasText: 'Shop' }).filter({ hasText: '2' }).waitFor()
  await inspect(`${environment.name}-dashboards`)
  await openDashboard(page, 'Shop')
  await page.getByRole('img', { name: 'checkout_time over time' }).waitFor()
  await page.getByRole('row').filter({ hasText: 'shop=paris' }).waitFor()
  // The chart asks for what it asked for where it was pinned.
  await page.getByRole('link', { name: 'orders_total' }).click()
  await page.waitForURL(/name=orders_total&agg=rate&compare=1d$/)
  expect(await page.getByRole('combobox', { name: 'Aggregation' }).inputValue()).toBe('rate')
}

export async function arrangeDashboard({
  visit: { page, go, inspect },
  environment,
}: TestSession): Promise<void> {
  await go(DASHBOARDS)
  await openDashboard(page, 'Shop')
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Name of the dashboard').fill('Shops')
  await page.getByRole('button', { name: 'Move orders_total forward' }).click()
  await page.getByLabel('Title of orders_total').fill('Orders a second')
  await inspect(`${environment.name}-dashboard-edit`)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: 'Shops' }).waitFor()
  await page.getByRole('button', { name: 'Edit' }).waitFor()
  await page.reload()
  await page.getByRole('img', { name: 'checkout_time over time' }).waitFor()
  const [first, second] = await headings(page)
  expect([first, second]).toEqual([
    expect.stringMatching(/^Orders a second/),
    expect.stringMatching(/^Slowest checkouts/),
  ])
  await inspect(`${environment.name}-dashboard`)
  await page.getByRole('button', { name: 'Copy link' }).click()
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()))
  expect(link.pathname).toBe(new URL(page.url()).pathname)
  const [from, to] = ['from', 'to'].map((name) => Date.parse(link.searchParams.get(name) ?? ''))
  expect(to! - from!).toBe(24 * 60 * MINUTE_MS)
  await page.goto(link.href)
  await page.getByRole('button', { name: 'Reset zoom' }).waitFor()
  await page.getByRole('link', { name: 'Orders a second' }).waitFor()
}

/** By a link, a key, a step back: a person is asked first, and stays unless it was meant. */
export async function keepUnsavedDashboard({
  visit: { page, go, inspect },
  environment,
}: TestSession): Promise<void> {
  await go(DASHBOARDS)
  await openDashboard(page, 'Shops')
  await page.getByRole('button', { name: 'Edit' }).click()
  const name = page.getByLabel('Name of the dashboard')
  await name.fill('Not saved')
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  const stay = async () => {
    await dialog.waitFor()
    await dialog.getByRole('button', { name: 'Back' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await name.inputValue()).toBe('Not saved')
    expect(page.url()).toMatch(/\/dashboards\/\d+/)
  }
  await page.getByRole('link', { name: 'Logs', exact: true }).click()
  await inspect(`${environment.name}-dashboard-unsaved`)
  await stay()
  await page.evaluate(() => history.back())
  await stay()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await dialog.waitFor()
  await dialog.getByRole('button', { name: 'Leave' }).click()
  await page.waitForURL(/\/metrics$/)
  // Without changes nothing is asked.
  await go(DASHBOARDS)
  await openDashboard(page, 'Shops')
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('link', { name: 'Logs', exact: true }).click()
  await page.waitForURL(/\/logs/)
}

/** One has it open for an edit while another one pins a chart. */
export async function editDashboardTogether(session: TestSession): Promise<void> {
  const { page, go } = session.visit
  await go(DASHBOARDS)
  await openDashboard(page, 'Shops')
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('button', { name: 'Remove Orders a second' }).click()
  const { page: other, go: goOther } = await session.openVisit()
  await goOther('/console/metrics?name=basket&range=1h')
  await pin(other, 'Baskets', async () => {})
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Another person has changed this dashboard meanwhile.').waitFor()
  await page.getByRole('button', { name: 'Load the newest' }).click()
  await page.getByRole('link', { name: 'Baskets' }).waitFor()
  expect(await headings(page)).toHaveLength(3)
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('button', { name: 'Remove Orders a second' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Edit' }).click()
  expect(await page.getByRole('button', { name: /^Remove / }).count()).toBe(2)
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('There are no dashboards yet').waitFor()
}
