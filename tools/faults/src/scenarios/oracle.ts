import { BrokenPromiseError } from '../ensure.ts'
import { checkMailings } from '../mailings/check-mailings.ts'
import { createPeople } from '../mailings/create-people.ts'
import { importPeople } from '../mailings/dispatcher-client.ts'
import { watchUnknown } from '../mailings/read-run-state.ts'
import { EventLedger } from '../oracle/event-ledger.ts'
import { checkApps } from '../oracle/checks/check-apps.ts'
import { checkEvents } from '../oracle/checks/check-events.ts'
import { checkProof } from '../oracle/checks/check-proof.ts'
import { checkClaims } from '../oracle/checks/check-claims.ts'
import { checkVersions } from '../oracle/checks/check-versions.ts'
import { excuseLosses } from '../oracle/checks/excuse-losses.ts'
import type { Violation } from '../oracle/checks/violation.ts'
import { readRunEvents } from '../oracle/read-run-events.ts'
import { checkFresh, heal } from '../oracle/heal.ts'
import type { Clients } from '../oracle/load/deliver.ts'
import type { Rates } from '../oracle/load/paced-modes.ts'
import { describeFailure, describeRun } from '../oracle/describe-run.ts'
import { waitUntilIdle, waitUntilAnswered } from '../oracle/wait-until-idle.ts'
import { createSchedule } from '../oracle/create-schedule.ts'
import { runUnderLoad } from '../oracle/run-under-load.ts'
import { saveLogs, startTestEnvironment, replicaUrls, watchMemory } from '../oracle/test-environment.ts'
import type { BrokerName } from '../start-broker.ts'
import type { PostgresName } from '../start-stores.ts'
import type { ScenarioOptions } from '../scenario.ts'

/** Clients of the mailings. */
const PEOPLE = 1000

/** Runs a check of its own; what it throws is one violation more. */
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
 * Everything at once, for any length: load of every kind, mailings, and a seeded schedule of faults. The ledger keeps every id
 * and every acknowledgement, so that in the end each event can be looked for.
 *
 * @throws BrokenPromiseError with seed, timeline and events where something does not hold
 */
export async function oracle({
  seconds,
  seed,
  log,
  clients: count = PEOPLE,
  rates = {},
  broker = 'nats',
  postgres: postgresName = 'single',
}: OracleOptions): Promise<void> {
  const schedule = createSchedule(seed, seconds, postgresName !== 'single')
  await using environment = await startTestEnvironment(broker, postgresName)
  const faults = environment.disk ? schedule : schedule.filter(({ type }) => type !== 'fill-disk')
  if (faults.length < schedule.length) log('no disk is filled up: this process may not mount one')
  const { producer } = environment
  const { postgres } = environment.stores
  using _watching = watchMemory(environment)
  const ended = new AbortController()
  const ledger = new EventLedger(`oracle-${seed}-${Date.now().toString(36)}`)
  const clients: Clients = { ledger, wrongAnswers: [], underWay: new Set(), ended: ended.signal }
  const people = createPeople(count, seed, environment.receivers.webhook.urlOf)
  await watchUnknown(postgres.url)
  await importPeople(replicaUrls(environment, 'message-dispatcher')[0]!, people)
  log(`everything is up; ${faults.length} faults in ${seconds} s`)
  const { entries, plans, reads } = await runUnderLoad({
    environment,
    clients,
    producer,
    faults,
    seconds,
    rates,
    log,
  })
  const [query] = replicaUrls(environment, 'query-api')
  const violations = await gather(async () => {
    await heal(environment)
    const fresh = await checkFresh(clients, replicaUrls(environment, 'ingest-api'), query!)
    log(`healed; fresh events were visible after ${JSON.stringify(fresh)} ms`)
  })
  violations.push(...(await waitUntilAnswered(clients, ended)))
  const { redeliveries, violations: unrest } = await waitUntilIdle(environment, producer)
  log(
    `at rest; ${redeliveries} redeliveries, ${ledger.countRetried().keyed ?? 0} keyed retries, reads ${JSON.stringify(reads)}`,
  )
  const found = await readRunEvents(postgres.url, ledger.run)
  const mailings = { plans, people, deduplicates: true, mayEndEarly: true, log }
  const { receivers } = environment
  const compared = [...checkEvents(ledger, found), ...checkVersions(ledger, found)]
  const stored = postgresName === 'async-pair' ? excuseLosses(compared) : { violations: compared, losses: [] }
  for (const { what, count } of stored.losses) log(`lost with a primary: ${count} ${what}`)
  violations.push(
    ...unrest,
    ...stored.violations,
    ...checkClaims(ledger, found),
    ...checkProof(ledger, redeliveries, rates),
    ...(await gather(() => checkMailings({ postgres, query: { url: query! }, receivers }, mailings))),
    ...clients.wrongAnswers.map((what) => ({ what, ids: [], count: 1 })),
    ...entries
      .filter(({ problem }) => problem)
      .map(({ problem }) => ({ what: String(problem), ids: [], count: 1 })),
  )
  await Promise.all([...environment.apps.values()].map((app) => app.close()))
  violations.push(...checkApps(environment.apps.values()))
  const outcome = { seed, seconds, broker, postgres: postgresName, rates, ledger, found, entries, violations }
  for (const line of describeRun(outcome)) log(line)
  for (const { id, peakMb, processes } of environment.apps.values())
    log(`${id}: at most ${Math.round(peakMb)} MB, ${processes} processes`)
  if (violations.length === 0) return
  log(`what the apps wrote is kept in ${saveLogs(environment)}`)
  throw new BrokenPromiseError(describeFailure(outcome))
}

export interface OracleOptions extends ScenarioOptions {
  /** Of the mailings. */
  readonly clients?: number
  /** Of the ways in which events are sent. Default: those of paced-modes.ts. */
  readonly rates?: Rates
  /** Default: nats. */
  readonly broker?: BrokerName
  /** Default: single. */
  readonly postgres?: PostgresName
}
