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
  await page.getByRole('combobox', { name: 'Query of logs' }).fill('"declined by" order -accepted')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  const rows = page.getByRole('table', { name: 'Log entries' }).locator('tbody tr')
  await rows.filter({ hasText: CRASH.message }).waitFor()
  // The entry may have been in the list before the search: only what the search leaves counts.
  await eventually(async () => (await rows.count()) === 1)
  expect(new URL(page.url()).searchParams.get('query')).toBe('"declined by" order -accepted')
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

/** A query in the language of logs: its errors, its conditions by click, and the way through what it finds. */
export async function queryLogs({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  for (const [order, status] of [
    [1, 200],
    [2, 502],
    [3, 503],
    [4, 503],
  ]) {
    await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, {
      level: status === 200 ? 'INFO' : 'ERR',
      service: 'queried',
      message: `Answered order ${order} by 100%`,
      attributes: { http: { status }, order },
    })
  }
  await go('/console/logs?service=queried')
  const box = page.getByRole('combobox', { name: 'Query of logs' })
  const rows = page.getByRole('table', { name: 'Log entries' }).locator('tbody tr')
  const search = async (query: string, found: number) => {
    await box.fill(query)
    await page.keyboard.press('Enter')
    await eventually(async () => (await rows.count()) === found)
  }
  await search('', 4)
  // What may be typed next is offered.
  await box.fill('level:error http.st')
  await page.getByRole('option', { name: 'http.status:' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  expect(await box.inputValue()).toBe('level:error http.status:')
  await page.getByRole('option', { name: 'http.status:502' }).waitFor()
  await inspect(`${environment.name}-logs-completions`)
  await page.keyboard.press('Escape')
  // An error is shown at its place, and nothing is searched for.
  await box.fill('order http.status:>=high')
  await page.keyboard.press('Enter')
  const trouble = page.getByRole('search').getByRole('alert')
  await trouble.getByText('at character 21').waitFor()
  expect(await trouble.locator('mark').textContent()).toBe('high')
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('high')
  await inspect(`${environment.name}-logs-query-error`)

  await search('level:error http.status:>=500 order', 3)
  expect(await rows.locator('mark').allTextContents()).toEqual(['order', 'order', 'order'])
  // Values are left out and asked for by click.
  await page.getByRole('link', { name: 'Answered order 4' }).click()
  const panel = page.getByRole('complementary')
  await panel.getByRole('button', { name: 'Only http.status:503' }).click()
  await eventually(async () => (await rows.count()) === 2)
  expect(await box.inputValue()).toBe('level:error http.status:>=500 order http.status:503')
  // Up and down lead through the list while the panel stays.
  await page.keyboard.press('j')
  await panel.getByText('Answered order 3', { exact: false }).first().waitFor()
  await page.keyboard.press('ArrowUp')
  await panel.getByText('Answered order 4', { exact: false }).first().waitFor()
  await inspect(`${environment.name}-logs-query`)
  await panel.getByRole('button', { name: 'Without http.status:503' }).click()
  await eventually(async () => (await rows.count()) === 1)
  expect(await box.inputValue()).toBe('level:error http.status:>=500 order -http.status:503')
  // A link leads to the same at any time.
  await panel.getByRole('button', { name: 'Copy link' }).click()
  const copied = async () => new URL(await page.evaluate(() => navigator.clipboard.readText())).searchParams
  await eventually(async () => (await copied()).has('from') && (await copied()).has('to'))
  await page.keyboard.press('Escape')
}

/** Entries one to a line, all around one of them, attributes as columns, and searches that are kept. */
export async function readAround({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  const atMs = Date.now() - 40_000
  for (let i = 0; i < 40; i++) {
    await postJson(`${environment.ingest}/api/v1/logs${i === 39 ? '?wait=stored' : ''}`, {
      ...{
        level: i === 20 ? 'error' : 'info',
        service: `around-${i % 2}`,
        timestamp: new Date(atMs + i).toISOString(),
      },
      message: `Step ${i} of 40 ${'and what it said at length, '.repeat(12)}`,
      attributes: { step: i },
    })
  }
  const rows = page.getByRole('table', { name: 'Log entries' }).locator('tbody tr')
  const panel = page.getByRole('complementary')
  await page.setViewportSize({ width: 1440, height: 900 })
  await go('/console/logs?query=service:around-*')
  await eventually(async () => (await rows.count()) === 40)
  const visible = await rows.evaluateAll(
    (all) => all.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length,
  )
  expect(visible).toBeGreaterThanOrEqual(25)
  await inspect(`${environment.name}-logs-density`)
  await page.setViewportSize({ width: 1280, height: 800 })

  // A failure is found, then what others did around it: the search is dropped.
  await go('/console/logs?query=service:around-0+level:error')
  await page.getByRole('link', { name: 'Step 20 of 40' }).click()
  await panel.getByRole('button', { name: 'Column step' }).click()
  await page.getByRole('columnheader', { name: 'step' }).waitFor()
  await panel.getByRole('link', { name: 'Show around this' }).click()
  await page.getByText('All entries around the one that is open').waitFor()
  await page.getByRole('link', { name: 'Step 21 of 40' }).waitFor()
  const texts = await rows.allTextContents()
  const steps = texts.flatMap((text) => /Step (\d+) of/.exec(text)?.[1] ?? []).map(Number)
  expect(steps.slice(steps.indexOf(20) - 2, steps.indexOf(20) + 3)).toEqual([22, 21, 20, 19, 18])
  expect(await page.locator('tr.selected').textContent()).toContain('Step 20')
  await inspect(`${environment.name}-logs-around`)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Searches' }).click()
  await page.getByRole('button', { name: 'service:around-0 level:error', exact: true }).click()
  await eventually(async () => (await rows.count()) === 1)
  await page.getByRole('button', { name: 'Searches' }).click()
  await page.getByRole('button', { name: 'Save this search' }).click()
  await page.getByRole('heading', { name: 'Saved' }).waitFor()
  await inspect(`${environment.name}-logs-searches`)
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
