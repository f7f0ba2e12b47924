import type { Contest, ContestOptions, Row } from '../contest.ts'
import { createGrowthContest, createGrowthRow, growthSizes } from '../growth-contest.ts'
import { IdWalk } from '../load/id-walk.ts'
import { COUNTERS_OF_A_MAILING, fillCounters } from '../mailing/fill-counters.ts'
import { MailingStore } from '../mailing/mailing-store.ts'
import { ProcessCosts } from '../process-costs.ts'
import { openGrowingStore } from '../reads/growing-store.ts'
import { timeInTurn } from '../time-in-turn.ts'

export const growthOfMailingStatistics: Row = createGrowthRow({
  title: 'Statistics of a mailing, uncached',
  unit: 'requests/s',
  open: openGrowthOfMailingStatistics,
})

/** More rows are the counters of more mailings. One request after the other: several for one mailing would share a query. */
async function openGrowthOfMailingStatistics({ stack, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const sizes = growthSizes(seconds)
  const mailingsIn = (rows: number) => Math.ceil(rows / COUNTERS_OF_A_MAILING)
  const urls = await openGrowingStore({
    stack,
    costs,
    sizes,
    fill: async (url, rows) => fillCounters(await MailingStore.open(stack, url), mailingsIn(rows)),
  })
  costs.watch('bench', process.pid, 'ceiling')
  // The same ones everywhere.
  const ids = new IdWalk(mailingsIn(sizes.small))
  return createGrowthContest(costs, sizes, (rows) =>
    costs.measure(() =>
      timeInTurn(seconds, async () => {
        const response = await fetch(`${urls.get(rows)!}/api/v1/mailings/${ids.next()}/stats`)
        const { total } = (await response.json()) as { total: number }
        return response.ok && total === 1_000_000
      }),
    ),
  )
}
