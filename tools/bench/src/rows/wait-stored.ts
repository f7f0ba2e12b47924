import { spawnCeiling } from '../ceilings/spawn-ceiling.ts'
import type { Contest, ContestOptions, Row } from '../contest.ts'
import { EventTable } from '../drain/event-table.ts'
import { createHttpContest } from '../http-contest.ts'
import { createItems } from '../metric-items.ts'
import { openApp } from '../open-app.ts'
import { ProcessCosts } from '../process-costs.ts'
import { openNats, openPostgres } from '../stores.ts'

export const waitStored: Row = {
  title: 'POST one metric with ?wait=stored',
  ceiling: 'bare Fastify, same schema, one INSERT for all that wait, no broker',
  unit: 'events/s',
  open: openWaitStored,
}

/** 200 once the row is committed, on both sides, into the same table with its partitions and indexes. */
async function openWaitStored({ stack, generator, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const [nats, postgres] = await Promise.all([openNats(stack, costs), openPostgres(stack, costs)])
  const env = { NATS_URL: nats.url, DATABASE_URL: postgres.url }
  const ingest = await openApp(stack, costs, 'ingest-api', env)
  await openApp(stack, costs, 'consumer', env)
  const ceilingUrl = await spawnCeiling(stack, costs, 'bare-stored', postgres.url)
  const table = await EventTable.open(stack, postgres.url, 'metric')
  const body = JSON.stringify(createItems(1)[0])
  return createHttpContest({
    generator,
    seconds,
    costs,
    ceiling: { url: `${ceilingUrl}/single`, body },
    runnel: { url: `${ingest.url}/api/v1/metrics?wait=stored`, body },
    eventsPerRequest: 1,
    before: () => table.reset(),
  })
}
