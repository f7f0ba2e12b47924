import { postJson } from '../post-json.ts'
import type { TestSession } from '../use-browser.ts'

const MINUTE_MS = 60_000

/** A deployment in the middle of an hour of values, and a mailing that is over at once: it is for nobody. */
export async function markEvents({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  const { ingest, query } = environment
  const nowMs = Date.now()
  await postJson(
    `${ingest}/api/v1/metrics?wait=stored`,
    Array.from({ length: 60 }, (_, i) => {
      const timestamp = new Date(nowMs - (60 - i) * MINUTE_MS).toISOString()
      return { data: { name: 'failures', value: i < 30 ? 2 : 20 + (i % 3), timestamp } }
    }),
  )
  await postJson(`${ingest}/api/v1/logs?wait=stored`, [
    {
      ...{ message: 'api 1.4.2 is live', service: 'api', attributes: { event: 'deploy', version: '1.4.2' } },
      timestamp: new Date(nowMs - 30 * MINUTE_MS).toISOString(),
    },
  ])
  await postJson(`${query}/api/v1/mailings`, {
    ...{ name: 'Marked mailing', text: 'Hello', filter: { tags: ['nobody at all'] } },
    end: new Date(nowMs + 60 * MINUTE_MS).toISOString(),
  })
  await go('/console/metrics?name=failures&range=1h')
  await page.getByRole('img', { name: 'failures over time' }).waitFor()
  await page.getByRole('combobox', { name: 'Marks' }).selectOption('mailings,deploys')
  const marks = page.getByRole('region', { name: 'Marks' })
  await marks.getByRole('link', { name: 'api 1.4.2 is live' }).waitFor()
  await marks.getByRole('link', { name: 'Marked mailing' }).waitFor()
  await inspect(`${environment.name}-metrics-marks`)
  await marks.getByRole('link', { name: 'api 1.4.2 is live' }).click()
  await page.getByRole('complementary').getByText('1.4.2').first().waitFor()
}
