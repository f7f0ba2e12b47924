import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { Page } from 'playwright-core'
import { postJson } from '../post-json.ts'
import type { TestSession } from '../use-browser.ts'

const DAY_MS = 86_400_000

const paramsOf = (page: Page) => new URL(page.url()).searchParams
const menuOf = (page: Page) => page.getByRole('group', { name: 'Time range' })
const spanOf = (page: Page) => Date.parse(paramsOf(page).get('to')!) - Date.parse(paramsOf(page).get('from')!)

/** However a range falls: the first and the last label are as wide as they stand on the screen. */
export async function seeTicks({ visit: { page, go } }: TestSession): Promise<void> {
  const hour = Date.parse('2026-01-31T12:00:00Z')
  // Ticks that stand on the very ends, and a little within them.
  for (const offMs of [0, 60_000, 170_000]) {
    const [from, to] = [hour - offMs, hour + 3 * 3_600_000 + offMs].map((ms) => new Date(ms).toISOString())
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height })
      await go(`/console/logs?from=${from}&to=${to}`)
      const axis = page.locator('.histogram-axis')
      await axis.locator('span').first().waitFor()
      const cut = await axis.evaluate((element) => {
        const box = element.getBoundingClientRect()
        return [...element.children].filter((tick) => {
          const { left, right } = tick.getBoundingClientRect()
          return left < box.left - 1 || right > box.right + 1
        }).length
      })
      expect([width, offMs, cut]).toEqual([width, offMs, 0])
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

export async function chooseTime({ visit, environment }: TestSession): Promise<void> {
  const { page, go, inspect } = visit
  await go('/console/logs')
  const menu = menuOf(page)
  await menu.getByRole('button', { name: 'Last 24 hours' }).click()
  await menu.getByRole('button', { name: 'All that is kept (30 days)' }).waitFor()
  await inspect(`${environment.name}-time-range`)
  await menu.getByRole('button', { name: 'Last 5 minutes' }).click()
  await eventually(() => Promise.resolve(paramsOf(page).get('range') === '5m'))

  await menu.getByRole('button', { name: 'Last 5 minutes' }).click()
  await menu.getByRole('textbox', { name: 'From' }).fill('soon')
  await menu.getByRole('alert').waitFor()
  await menu.getByRole('textbox', { name: 'From' }).fill('-90m')
  await menu.getByRole('textbox', { name: 'To' }).press('Enter')
  await menu.getByRole('button', { name: 'Last 90 minutes' }).waitFor()
  expect(paramsOf(page).get('range')).toBe('90m')

  await menu.getByRole('button', { name: 'Earlier' }).click()
  await menu.getByRole('button', { name: 'Reset zoom' }).waitFor()
  expect(spanOf(page)).toBe(90 * 60_000)
  await menu.getByRole('button', { name: 'Earlier' }).click()
  await menu.getByRole('button', { name: 'Zoom out' }).click()
  await eventually(() => Promise.resolve(spanOf(page) === 180 * 60_000))
  await menu.getByRole('button', { name: 'Later' }).click()
  await menu.getByRole('button', { name: 'Last 3 hours' }).waitFor()

  await menu.getByRole('button', { name: 'Last 3 hours' }).click()
  await menu.getByRole('textbox', { name: 'From' }).fill('2026-01-31 12:00')
  await menu.getByRole('textbox', { name: 'To' }).fill('2026-01-31T13:30:00Z')
  await menu.getByRole('button', { name: 'Apply' }).click()
  await menu.getByRole('button', { name: '2026-01-31 12:00:00 – 14:30:00' }).waitFor()
  // Browsers of these tests are in Berlin.
  expect(paramsOf(page).get('from')).toBe('2026-01-31T11:00:00.000Z')
}

export async function zoomByDragging(session: TestSession): Promise<void> {
  const { visit, environment } = session
  const { page, go } = visit
  const nowMs = Date.now()
  await postJson(
    `${environment.ingest}/api/v1/metrics?wait=stored`,
    Array.from({ length: 50 }, (_, i) => ({
      data: { name: 'dragged', value: i % 5, timestamp: new Date(nowMs - i * 60_000).toISOString() },
    })),
  )
  await go('/console/metrics?name=dragged&range=1h')
  const chart = page.getByRole('img', { name: 'dragged over time' })
  await chart.waitFor()
  const box = (await chart.boundingBox())!
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + box.width * 0.4, y)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 })
  await page.mouse.up()
  await menuOf(page).getByRole('button', { name: 'Reset zoom' }).waitFor()
  const minutes = spanOf(page) / 60_000
  expect(minutes).toBeGreaterThan(5)
  expect(minutes).toBeLessThan(30)
}

/** An entry in Berlin, in UTC, and in Tokyo, also after the page is loaded again. */
export async function chooseZone({ visit, environment }: TestSession): Promise<void> {
  const { page, go, inspect } = visit
  await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, {
    ...{ level: 'info', service: 'clockwork', message: 'it struck noon' },
    timestamp: `${new Date(Date.now() - DAY_MS).toISOString().slice(0, 10)}T12:00:00Z`,
  })
  const summer = new Date(Date.now() - DAY_MS).toLocaleString('en', {
    timeZone: 'Europe/Berlin',
    timeZoneName: 'shortOffset',
  })
  const berlin = summer.endsWith('+2') ? '14:00:00' : '13:00:00'
  await go('/console/logs?service=clockwork&range=7d')
  const row = page.getByRole('table', { name: 'Log entries' }).locator('tbody tr')
  const shows = (time: string) => row.filter({ hasText: time }).waitFor()
  await shows(berlin)
  const zones = page.getByRole('button', { name: /^Times are in/ })
  await zones.click()
  await inspect(`${environment.name}-zones`)
  await page.getByRole('button', { name: 'UTC', exact: true }).click()
  await shows('12:00:00')
  await page.reload()
  await shows('12:00:00')
  await zones.click()
  await page.getByRole('combobox', { name: 'Another time zone' }).fill('Asia/Tokyo')
  await page.getByRole('button', { name: 'Use this zone' }).click()
  await shows('21:00:00')
  await page.getByRole('button', { name: 'Times are in UTC+09:00' }).waitFor()
  // What is typed is in the zone, too.
  await menuOf(page).getByRole('button', { name: 'Last 7 days' }).click()
  await menuOf(page).getByText('Asia/Tokyo (UTC+09:00)').waitFor()
  await page.keyboard.press('Escape')
  await zones.click()
  await page.getByRole('button', { name: 'Browser (Europe/Berlin)' }).click()
  await shows(berlin)
}

export async function findNewestEntry({ visit, environment }: TestSession): Promise<void> {
  const { page, go, inspect } = visit
  await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, {
    ...{ level: 'info', service: 'ancient', message: 'last words' },
    timestamp: new Date(Date.now() - 4 * DAY_MS).toISOString(),
  })
  await go('/console/logs?service=ancient&range=1h')
  await page.getByText('Nothing matches in this range.').waitFor()
  await inspect(`${environment.name}-logs-newest`)
  await page.getByRole('button', { name: 'Go to the newest entry' }).click()
  await page.getByRole('link', { name: 'last words' }).waitFor()
}
