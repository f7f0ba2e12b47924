import type { Contest, ContestOptions, Row } from '../contest.ts'
import { fillCounters } from '../mailing/fill-counters.ts'
import { MailingStore } from '../mailing/mailing-store.ts'
import { openApp } from '../open-app.ts'
import { ProcessCosts } from '../process-costs.ts'
import { openNats, openPostgres } from '../stores.ts'
import { timeInTurn } from '../time-in-turn.ts'

/** More than are asked for while an answer is cached, which is a second. */
const MAILINGS = 400
const SUMS = `
  select status, sum(count)::float8 as count from mailing_stat where mailing_id = $1 group by status`

export const mailingStatistics: Row = {
  title: 'Statistics of a mailing of 1M messages, uncached',
  ceiling: 'the sums by status alone, in SQL',
  unit: 'requests/s',
  aim: 0.2,
  open: openMailingStatistics,
}

/** One request after the other, each for another mailing than those before, so that none is answered by a cache. */
async function openMailingStatistics({ stack, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const [nats, postgres] = await Promise.all([openNats(stack, costs), openPostgres(stack, costs)])
  const store = await MailingStore.open(stack, postgres.url)
  await fillCounters(store, MAILINGS)
  // Nothing listens at this address of Redis: what is measured is the way without a cache.
  const env = { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: 'redis://127.0.0.1:1' }
  const query = await openApp(stack, costs, 'query-api', env)
  costs.watch('bench', process.pid, 'ceiling')
  let last = 0
  const nextId = () => (last = (last % MAILINGS) + 1)

  return {
    costs,
    ceiling: () =>
      costs.measure(() => timeInTurn(seconds, async () => (await store.query(SUMS, [nextId()])).length > 0)),
    runnel: () =>
      costs.measure(() =>
        timeInTurn(seconds, async () => {
          const response = await fetch(`${query.url}/api/v1/mailings/${nextId()}/stats`)
          const { total } = (await response.json()) as { total: number }
          return response.ok && total === 1_000_000
        }),
      ),
  }
}
