import { BrokenPromiseError } from '../ensure.ts'
import { checkMailings } from '../mailings/check-mailings.ts'
import { createPeople } from '../mailings/create-people.ts'
import { importPeople } from '../mailings/dispatcher-client.ts'
import { watchUnknown } from '../mailings/read-run-state.ts'
import { Books } from '../oracle/event-ledger.ts'
import { checkApps } from '../oracle/checks/check-apps.ts'
import { checkEvents } from '../oracle/checks/check-events.ts'
import { checkProof } from '../oracle/checks/check-proof.ts'
import { checkVersions } from '../oracle/checks/check-versions.ts'
import type { Violation } from '../oracle/checks/violation.ts'
import { readFound } from '../oracle/read-run-events.ts'
import { checkFresh, heal } from '../oracle/heal.ts'
import type { Clients } from '../oracle/load/deliver.ts'
import { connectRaw } from '../oracle/load/publish-raw.ts'
import { describeFailure, describeRun } from '../oracle/describe-run.ts'
import { untilAtRest, untilTaken } from '../oracle/wait-until-idle.ts'
import { createSchedule } from '../oracle/create-schedule.ts'
import { storm } from '../oracle/run-under-load.ts'
import { keepLogs, startWorld, urlsLike, watchMemory } from '../oracle/test-environment.ts'
import type { ScenarioOptions } from '../scenario.ts'

/** Clients of the mailings. */
const PEOPLE = 1000

/** Promises that are looked at by themselves: what they throw is one violation more. */
async function gather(work: () => Promise<unknown>): Promise<Violation[]> {
  try {
    await work()
    return []
  } catch (error) {
    if (!(error instanceof BrokenPromiseError)) throw error
    return [{ what: error.message, ids: [], count: 1 }]
  }
}

/**
 * Everything at once, for as long as one likes: load of every kind, mailings, and a seeded schedule of faults. Every id is handed
 * out here and every 2xx is an obligation, so that in the end each event can be asked for.
 *
 * @throws BrokenPromiseError with seed, timeline and events where something does not hold
 */
export async function oracle({ seconds, seed, say, clients: people = PEOPLE }: OracleOptions): Promise<void> {
  const faults = createSchedule(seed, seconds)
  await using world = await startWorld()
  const { postgres, nats } = world.stores
  const nc = await connectRaw(nats.url)
  using _closing = { [Symbol.dispose]: () => void nc.close() }
  using _watching = watchMemory(world)
  const over = new AbortController()
  const books = new Books(`oracle-${seed}-${Date.now().toString(36)}`)
  const clients: Clients = { books, complaints: [], underWay: new Set(), over: over.signal }
  const crowd = createPeople(people, seed)
  await watchUnknown(postgres.url)
  await importPeople(urlsLike(world, 'message-dispatcher')[0]!, crowd)
  say(`everything is up; ${faults.length} faults in ${seconds} s`)
  const { entries, plans, reads } = await storm({ world, clients, nc, faults, seconds, say })
  const [query] = urlsLike(world, 'query-api')
  const violations = await gather(async () => {
    await heal(world)
    const fresh = await checkFresh(clients, urlsLike(world, 'ingest-api'), query!)
    say(`healed; fresh events were visible after ${JSON.stringify(fresh)} ms`)
  })
  violations.push(...(await untilTaken(clients, over)))
  const { redeliveries, violations: unrest } = await untilAtRest(world, nc)
  say(
    `at rest; ${redeliveries} redeliveries, ${books.retried('keyed')} keyed retries, reads ${JSON.stringify(reads)}`,
  )
  const found = await readFound(postgres.url, books.run)
  const mailings = { plans, people: crowd, deduplicates: true, mayEndEarly: true, say }
  const { gateway } = world
  violations.push(
    ...unrest,
    ...checkEvents(books, found),
    ...checkVersions(books, found),
    ...checkProof(books, redeliveries),
    ...(await gather(() => checkMailings({ postgres, query: { url: query! }, gateway }, mailings))),
    ...clients.complaints.map((what) => ({ what, ids: [], count: 1 })),
    ...entries
      .filter(({ problem }) => problem)
      .map(({ problem }) => ({ what: String(problem), ids: [], count: 1 })),
  )
  await Promise.all([...world.apps.values()].map((app) => app.close()))
  violations.push(...checkApps(world.apps.values()))
  const outcome = { seed, seconds, books, found, entries, violations }
  for (const line of describeRun(outcome)) say(line)
  for (const { id, peakMb, processes } of world.apps.values())
    say(`${id}: at most ${Math.round(peakMb)} MB, ${processes} processes`)
  if (violations.length === 0) return
  say(`what the apps wrote is kept in ${keepLogs(world)}`)
  throw new BrokenPromiseError(describeFailure(outcome))
}

export interface OracleOptions extends ScenarioOptions {
  /** Of the mailings. */
  readonly clients?: number
}
