import type { TestSession } from '../use-browser.ts'
import { postJson } from '../post-json.ts'

const MINUTE_MS = 60_000

/** Points of the last hour, of two rooms. */
function createPoints(nowMs: number): object[] {
  return Array.from({ length: 60 }, (_, i) => ({
    data: {
      name: 'humidity',
      value: 40 + 5 * Math.sin(i / 6) + (i % 2),
      unit: 'percent',
      tags: { room: i % 2 === 0 ? 'kitchen' : 'office' },
      timestamp: new Date(nowMs - (60 - i) * MINUTE_MS).toISOString(),
    },
  }))
}

/** No metric, then one with a line for each room. */
export async function openChart({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/metrics')
  if (!environment.hasSample) {
    await page.getByText('There are no metrics yet').waitFor()
    await inspect(`${environment.name}-metrics-empty`)
  }
  await postJson(`${environment.ingest}/api/v1/metrics?wait=stored`, createPoints(Date.now()))
  await page.reload()
  const choice = page.getByRole('checkbox', { name: /humidity/ })
  await choice.waitFor()
  if (!(await choice.isChecked())) await choice.click()
  await page.getByRole('img', { name: 'humidity over time' }).waitFor()
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('room')
  await page
    .getByRole('figure')
    .filter({ hasText: 'kitchen' })
    .filter({ hasText: 'office' })
    .first()
    .waitFor()
  await inspect(`${environment.name}-metrics`)
}
