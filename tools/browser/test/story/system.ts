import { eventually } from '@runnel/testing'
import type { TestSession } from '../use-browser.ts'

/** Every app is ready, and every server that there is. */
export async function seeSystem({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/system')
  await page.getByText('all is well').waitFor({ timeout: 30_000 })
  for (const app of ['ingest-api', 'consumer', 'query-api', 'message-dispatcher', 'producer-sim'])
    await page.getByRole('heading', { name: app, exact: true }).waitFor()
  const servers = page.getByRole('list', { name: 'Servers' })
  const redis = environment.hasSample ? /Redis.*not used/s : /Redis.*answers/s
  await eventually(async () => redis.test(await servers.innerText()))
  await inspect(`${environment.name}-system`)
}
