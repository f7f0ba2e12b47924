import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { TestSession } from '../use-browser.ts'

const APPS = ['ingest-api', 'consumer', 'query-api', 'message-dispatcher', 'producer-sim']

/** Every operation of every app is listed in the frame of the console, with the scope that it needs. */
export async function seeOperations({ visit: { page, go, inspect }, environment }: TestSession) {
  await go('/console/logs')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'API' }).click()
  for (const name of APPS) {
    const app = page.getByRole('region', { name, exact: true })
    await app.getByRole('link', { name: '/healthz', exact: true }).waitFor()
  }
  const search = page.getByRole('searchbox', { name: 'Search operations' })
  await search.fill('logs:write POST /api/v1/logs')
  await search.press('Enter')
  await eventually(async () => (await page.getByRole('region').count()) === 1)
  const [ingest] = [page.getByRole('region', { name: 'ingest-api' })]
  const row = ingest
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: '/api/v1/logs', exact: true }) })
  await row.getByText('logs:write').waitFor()
  await row.getByRole('link').click()
  const panel = page.getByRole('complementary', { name: 'POST /api/v1/logs' })
  await panel.getByRole('table', { name: 'Parameters' }).getByText('wait').first().waitFor()
  await inspect(`${environment.name}-operation`)
  // In Swagger UI it can be tried, at the app itself.
  const docs = await panel.getByRole('link', { name: 'Swagger UI of ingest-api' }).getAttribute('href')
  expect((await fetch(`${docs}/json`)).status).toBe(200)
  await page.keyboard.press('Escape')
  await search.fill('no such operation')
  await search.press('Enter')
  await page.getByText('No operation matches.').waitFor()
  await go('/console/api')
  await page.getByRole('link', { name: '/healthz', exact: true }).first().waitFor()
  await inspect(`${environment.name}-api`)
}
