import { Client } from 'pg'
import { amountFor, type Contest, type ContestOptions, type Row } from '../contest.ts'
import { EventTable } from '../drain/event-table.ts'
import { ProcessCosts } from '../process-costs.ts'
import type { Measurement } from '../sample.ts'
import { timeInTurn } from '../time-in-turn.ts'
import { Pipeline } from '../visible/pipeline.ts'
import { nextProbeName, untilVisible } from '../visible/probe.ts'

const CAPACITY_EVENTS_PER_SECOND_ASKED = 50_000
const LOAD_SHARE = 0.5
/** Each has one probe under way. */
const PROBERS = 2
const INSERT = `
  insert into metric (id, received_at, occurred_at, name, value, data)
  values (gen_random_uuid(), now(), now(), $1, 1, '{}')`

export const visible: Row = {
  title: 'From POST of a metric to its visibility, at half load',
  ceiling: 'from the commit of its row by SQL, under the same load',
  unit: 'probes/s',
  p99Aim: { ms: 250 },
  open: openVisible,
}

/**
 * The load is half of what came all the way through the same processes when as much was sent as was taken. Beside it, probes
 * are sent one after the other, and query-api is asked until it knows them. CPU time is that for 100,000 metrics of the load.
 */
async function openVisible({ stack, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const pipeline = await Pipeline.open(stack, costs)
  const { ingest, query, databaseUrl } = pipeline
  const table = await EventTable.open(stack, databaseUrl, 'metric')
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  stack.defer(() => client.end())
  const events = amountFor(seconds, CAPACITY_EVENTS_PER_SECOND_ASKED)
  // The first one warms up.
  await pipeline.findCapacity(events)
  const perSecond = LOAD_SHARE * (await pipeline.findCapacity(events))

  const measure = async (probe: (name: string) => Promise<boolean>) => {
    await table.reset()
    const sample = await costs.measure(async (): Promise<Measurement> => {
      const ask = async () => {
        const name = nextProbeName()
        return (await probe(name)) && untilVisible(query.url, name)
      }
      const [load, probes] = await Promise.all([
        pipeline.load(perSecond, seconds),
        timeInTurn(seconds, ask, PROBERS),
      ])
      return { ...probes, operations: load.events, errors: probes.errors + load.refused }
    })
    await pipeline.untilIdle()
    return sample
  }
  return {
    costs,
    ceiling: () => measure(async (name) => (await client.query(INSERT, [name])).rowCount === 1),
    runnel: () =>
      measure(async (name) => {
        const headers = { 'content-type': 'application/json' }
        const body = JSON.stringify({ data: { name, value: 1 } })
        return (await fetch(`${ingest.url}/api/v1/metrics`, { method: 'POST', headers, body })).status === 202
      }),
  }
}
