import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { Locator, Page } from 'playwright-core'
import { postJson } from '../post-json.ts'
import type { TestSession } from '../use-browser.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

interface Point {
  readonly name: string
  readonly value: number
  readonly ageMs: number
  readonly unit?: string
  readonly tags?: object
}

async function postPoints({ environment }: TestSession, points: readonly Point[]): Promise<void> {
  const nowMs = Date.now()
  const body = points.map(({ ageMs, ...point }) => ({
    data: { ...point, timestamp: new Date(nowMs - ageMs).toISOString() },
  }))
  await postJson(`${environment.ingest}/api/v1/metrics?wait=stored`, body)
}

const chartOf = (page: Page, name: string) =>
  page.getByRole('img', { name: `${name} over time`, exact: true })

/** Pixels in a colour, of a part of a chart from its left to its right. Texts and lines of the grid are grey. */
function countColored(chart: Locator, [from, to]: readonly [number, number]): Promise<number> {
  return chart.locator('canvas').evaluate(
    (canvas: HTMLCanvasElement, [left, right]) => {
      const x = Math.floor(canvas.width * left!)
      const width = Math.floor(canvas.width * (right! - left!))
      const { data } = canvas.getContext('2d')!.getImageData(x, 0, width, canvas.height)
      let count = 0
      for (let i = 0; i < data.length; i += 4) {
        const rgb = [data[i]!, data[i + 1]!, data[i + 2]!]
        if (data[i + 3]! > 128 && Math.max(...rgb) - Math.min(...rgb) > 50) count++
      }
      return count
    },
    [from, to],
  )
}

/** Values of every minute in a range whose step would be 30 s; and one between two silences. */
export async function drawRareValues(session: TestSession): Promise<void> {
  const { page, go } = session.visit
  await postPoints(session, [
    ...Array.from({ length: 60 }, (_, i) => ({ name: 'rare', value: i % 7, ageMs: (i + 1) * MINUTE_MS })),
    // Often at first, then one alone.
    ...Array.from({ length: 20 }, (_, i) => ({ name: 'lone', value: 5, ageMs: (40 + i) * MINUTE_MS })),
    { name: 'lone', value: 6, ageMs: 10 * MINUTE_MS },
  ])
  await go('/console/metrics?name=rare&name=lone&range=1h')
  await page.getByRole('heading', { name: 'rare step 1 min' }).waitFor()
  await eventually(async () => (await countColored(chartOf(page, 'rare'), [0.1, 0.9])) > 500)
  await eventually(async () => (await countColored(chartOf(page, 'lone'), [0.7, 1])) > 10)
}

const ROOMS = ['kitchen', 'office', 'cellar']

function colorOf(page: Page, chart: string, series: string): Promise<string> {
  const row = page
    .getByRole('figure')
    .filter({ has: chartOf(page, chart) })
    .getByRole('row')
    .filter({ hasText: series })
  return row.locator('i').evaluate((line) => getComputedStyle(line).borderTopColor)
}

/** Rooms of two metrics, of which one lacks a room, and the other has it no more in the last minutes. */
export async function colorSeries(session: TestSession): Promise<void> {
  const { page, go } = session.visit
  const points = ROOMS.flatMap((room, i) =>
    Array.from({ length: 30 }, (_, minute) => ({
      value: i + minute / 10,
      ageMs: (minute + (room === 'office' ? 20 : 1)) * MINUTE_MS,
      tags: { room },
    })),
  )
  await postPoints(session, [
    ...points.map((point) => ({ ...point, name: 'warmth' })),
    ...points.filter(({ tags }) => tags.room !== 'kitchen').map((point) => ({ ...point, name: 'damp' })),
  ])
  await go('/console/metrics?name=warmth&name=damp&by=room&range=1h')
  await page.getByRole('row').filter({ hasText: 'room=kitchen' }).waitFor()
  await page.getByRole('row').filter({ hasText: 'room=cellar' }).nth(1).waitFor()
  const [kitchen, office, cellar] = await Promise.all(
    ROOMS.map((room) => colorOf(page, 'warmth', `room=${room}`)),
  )
  expect(new Set([kitchen, office, cellar]).size).toBe(3)
  expect(await colorOf(page, 'damp', 'room=cellar')).toBe(cellar)
  await go('/console/metrics?name=warmth&by=room&range=15m')
  await page.getByRole('row').filter({ hasText: 'room=kitchen' }).waitFor()
  expect(await page.getByRole('row').filter({ hasText: 'room=office' }).count()).toBe(0)
  expect(await colorOf(page, 'warmth', 'room=cellar')).toBe(cellar)
  expect(await colorOf(page, 'warmth', 'room=kitchen')).toBe(kitchen)
}

export async function findNewestValue(session: TestSession): Promise<void> {
  const { page, go } = session.visit
  await postPoints(
    session,
    Array.from({ length: 5 }, (_, i) => ({ name: 'forgotten', value: i, ageMs: 5 * DAY_MS + i * MINUTE_MS })),
  )
  await go('/console/metrics?name=forgotten&range=1h')
  await page.getByText('Nothing was measured in this range.').waitFor()
  await page.getByRole('button', { name: 'Go to the newest value' }).click()
  await chartOf(page, 'forgotten').waitFor()
  await page.getByRole('button', { name: 'Reset zoom' }).click()
  await page.getByText('Nothing was measured in this range.').waitFor()
}

/** Two metrics of two units, a counter that began again, and a day before. */
export async function compareSeries(session: TestSession): Promise<void> {
  const { visit, environment } = session
  const { page, go, inspect } = visit
  await postPoints(
    session,
    Array.from({ length: 60 }, (_, i) => i).flatMap((i) => {
      const ageMs = (60 - i) * MINUTE_MS
      const room = { tags: { host: i % 2 === 0 ? 'web-1' : 'web-2' } }
      return [
        { name: 'latency', unit: 'ms', value: 50 + 10 * Math.sin(i / 9), ageMs, ...room },
        { name: 'latency', unit: 'ms', value: 40 + 10 * Math.cos(i / 9), ageMs: ageMs + DAY_MS, ...room },
        { name: 'memory', unit: 'bytes', value: 2 ** 20 * (100 + i), ageMs },
        // It counts 60 a minute, and began again after half an hour.
        { name: 'calls_total', unit: 'calls', value: 60 * (i < 30 ? 1000 + i : i - 29), ageMs },
      ]
    }),
  )
  const row = (text: string) => page.getByRole('row').filter({ hasText: text })
  await go('/console/metrics?name=latency&name=memory&range=1h')
  await chartOf(page, 'memory').waitFor()
  await page.getByText('Together', { exact: true }).click()
  await chartOf(page, 'latency, memory').waitFor()
  await row('latency').filter({ hasText: ' ms' }).waitFor()
  await row('memory').filter({ hasText: ' MB' }).waitFor()
  for (const heading of ['Last', 'Min', 'Avg', 'Max'])
    await page.getByRole('columnheader', { name: heading, exact: true }).waitFor()
  await inspect(`${environment.name}-metrics-together`)

  await go('/console/metrics?name=latency&range=1h&by=host')
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('1d')
  await row('host=web-2 · a day before').waitFor()
  await page.getByText('Small multiples', { exact: true }).click()
  await page.getByRole('img', { name: 'latency over time: host=web-1' }).waitFor()
  await page.getByRole('img', { name: 'latency over time: host=web-2' }).waitFor()
  await inspect(`${environment.name}-metrics-small`)

  await go('/console/metrics?name=latency&range=1h')
  await page.getByRole('combobox', { name: 'Aggregation' }).selectOption('percentiles')
  for (const percentile of ['p50', 'p95', 'p99']) await row(percentile).filter({ hasText: ' ms' }).waitFor()

  await go('/console/metrics?name=calls_total&range=1h&agg=rate')
  // A call a second at every moment, also where the counter began again.
  const cells = row('rate(calls_total)').getByRole('cell')
  await row('rate(calls_total)').waitFor()
  expect((await cells.allInnerTexts()).slice(1)).toEqual(Array(4).fill('1 calls/s'))
}

export async function shareCursor({ visit: { page, go } }: TestSession): Promise<void> {
  // Both have a value a minute, and so the same times.
  await go('/console/metrics?name=calls_total&name=memory&range=1h')
  await chartOf(page, 'memory').waitFor()
  await chartOf(page, 'calls_total').hover()
  const times = page.getByRole('columnheader', { name: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/ })
  await eventually(async () => (await times.count()) === 2)
  const [first, second] = await times.allInnerTexts()
  expect(first).toBe(second)
}
