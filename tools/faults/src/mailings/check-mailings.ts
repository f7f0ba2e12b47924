import { setTimeout as sleep } from 'node:timers/promises'
import { ensure } from '../ensure.ts'
import { checkCounts, type Counts } from './check-counts.ts'
import { checkGateway } from './check-gateway.ts'
import { checkRecipients } from './check-recipients.ts'
import { checkRate, checkTimes } from './check-times.ts'
import type { GatewayControl } from './control-gateway.ts'
import type { Person } from './create-people.ts'
import type { Plan } from './create-plans.ts'
import { readRunState } from './read-run-state.ts'

/** Statistics are cached for a second. */
const STALE_MS = 1500

/** What holds a record of the mailings. */
export interface MailingSources {
  readonly postgres: { readonly url: string }
  readonly query: { readonly url: string }
  readonly gateway: Pick<GatewayControl, 'calls'>
}

export interface CheckOptions {
  readonly plans: ReadonlyMap<number, Plan>
  readonly people: readonly Person[]
  readonly deduplicates: boolean
  /** Whether a mailing may end before all of its messages are made: everything was away. */
  readonly mayEndEarly?: boolean
  readonly log: (line: string) => void
}

/** Compares what the database, query-api and the gateway hold. @throws BrokenPromiseError where they differ */
export async function checkMailings(
  platform: MailingSources,
  { plans, people, deduplicates, mayEndEarly = false, log }: CheckOptions,
): Promise<void> {
  await sleep(STALE_MS)
  const state = await readRunState(platform.postgres.url)
  const calls = await platform.gateway.calls()
  const unexpected = state.mailings.filter(({ id }) => !plans.has(id))
  ensure(
    unexpected.length === 0,
    `${unexpected.length} mailings that this run did not create, e.g. ${unexpected[0]?.name}`,
  )
  for (const [mailingId, plan] of plans) {
    const isExpired = state.mailings.find(({ id }) => id === mailingId)?.status === 'expired'
    const meant = checkRecipients(state, plan, mailingId, people, mayEndEarly && isExpired)
    const counts = checkCounts(state, mailingId, await readStatistics(platform, mailingId))
    checkRate(state, calls, mailingId, plan)
    log(`${plan.name}: ${meant} clients, ${JSON.stringify(counts)}`)
  }
  checkTimes(state, calls, plans, people)
  const found = checkGateway(state, calls, deduplicates)
  log(`${calls.length} calls of the gateway: ${JSON.stringify(found)}`)
}

async function readStatistics({ query }: MailingSources, mailingId: number): Promise<Counts> {
  const response = await fetch(`${query.url}/api/v1/mailings/${mailingId}/stats`)
  return ((await response.json()) as { counts: Counts }).counts
}
