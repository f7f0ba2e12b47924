import { amountFor, type Contest, type ContestOptions, type Row } from '../contest.ts'
import { openDrainBench } from '../drain/drain-contest.ts'
import { drainStream } from '../drain/drain-stream.ts'
import { EventTable } from '../drain/event-table.ts'
import { fillStream } from '../drain/fill-stream.ts'
import { createGrowthContest, createGrowthRow, growthSizes } from '../growth-contest.ts'
import { createItems } from '../metric-items.ts'
import { DAY_MS, insertEvents } from '../reads/fill-events.ts'
import { copyDatabase } from '../reads/growing-store.ts'

const EVENTS_PER_SECOND_ASKED = 50_000
const NAMES = 20

export const growthOfDrain: Row = createGrowthRow({
  title: 'Backlog of metrics to PostgreSQL',
  unit: 'rows/s',
  open: openGrowthOfDrain,
})

/** What is stored before is of today, and so in the partition and the indexes that the drain writes to. */
async function openGrowthOfDrain({ stack, seconds, broker }: ContestOptions): Promise<Contest> {
  const { costs, postgres, ingestUrl, queue, env } = await openDrainBench(stack, 'metrics', broker)
  const sizes = growthSizes(seconds)
  const databases = await copyDatabase(postgres, [sizes.small, sizes.base, sizes.large])
  const nowMs = Date.now()
  const fromMs = nowMs - (nowMs % DAY_MS)
  const sides = new Map<number, { url: string; table: EventTable }>()
  for (const [rows, url] of databases) {
    const table = await EventTable.open(stack, url, 'metric')
    await insertEvents(table.client, { table: 'metric', rows, fromMs, spanMs: nowMs - fromMs, names: NAMES })
    sides.set(rows, { url, table })
  }
  const events = amountFor(seconds, EVENTS_PER_SECOND_ASKED)
  return createGrowthContest(costs, sizes, async (stored) => {
    const { url, table } = sides.get(stored)!
    await fillStream({ url: `${ingestUrl}/api/v1/metrics`, count: events, createItems })
    await table.client.query('checkpoint')
    const sample = await drainStream({ costs, queue, table, env: { ...env, DATABASE_URL: url }, events })
    await table.client.query('delete from metric where received_at >= $1', [new Date(nowMs)])
    await table.client.query('vacuum metric')
    return sample
  })
}
