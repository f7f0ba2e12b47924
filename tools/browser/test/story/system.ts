import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { TestSession } from '../use-browser.ts'

const APPS = ['ingest-api', 'consumer', 'query-api', 'message-dispatcher', 'producer-sim']

/** The navigation and the system page say that something waits for a person. */
export async function seeWaitingLetters({ visit, environment }: TestSession): Promise<void> {
  const { page, go, inspect } = visit
  await go('/console/system')
  await page.getByText('needs attention').waitFor()
  const link = page.getByRole('link', { name: '1 dead letter waits to be replayed or deleted' })
  await link.waitFor()
  expect(await page.getByText('all is well').count()).toBe(0)
  await page.getByTitle('1 dead letter not replayed').getByText('1', { exact: true }).waitFor()
  await inspect(`${environment.name}-system-letters`)
  await link.click()
  await page.getByRole('heading', { name: 'Dead letters', exact: true }).waitFor()
}

/** Every app is ready, and every server that there is. */
export async function seeSystem({ visit, environment }: TestSession): Promise<void> {
  const { page, go, inspect } = visit
  await go('/console/system')
  await page.getByText('all is well').waitFor()
  for (const app of APPS) await page.getByRole('heading', { name: app }).waitFor()
  // One process says once what it takes.
  const processes = environment.name === 'standalone' ? 1 : APPS.length
  await page.getByText('Event loop lag', { exact: true }).first().waitFor()
  expect(await page.getByText('Event loop lag', { exact: true }).count()).toBe(processes)
  if (processes === 1) await page.getByText('All 5 apps run in one process').waitFor()
  // Nothing waits: whatever the last batch was, this is no lag.
  await page.getByRole('row', { name: /^logs 0 0 none/ }).waitFor()
  const servers = page.getByRole('list', { name: 'Servers' })
  const redis = environment.hasSample ? /Redis.*not used/s : /Redis.*answers/s
  await eventually(async () => redis.test(await servers.innerText()))
  await inspect(`${environment.name}-system`)
}

/** An unknown address is a page like the others, inside the console and outside. */
export async function seeMissingPage({ visit, environment }: TestSession): Promise<void> {
  const { page, go, inspect, troubles } = visit
  for (const path of ['/nowhere', '/console/nowhere']) {
    await go(path)
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Logs' }).waitFor()
    await inspect(`${environment.name}-missing${path.length > 8 ? '-view' : ''}`)
    // The browser itself reports the answer.
    await eventually(() => Promise.resolve(troubles.length > 0))
    expect(troubles.splice(0)).toEqual([expect.stringMatching(new RegExp(`404 .*${path}\\)$`))])
  }
}
