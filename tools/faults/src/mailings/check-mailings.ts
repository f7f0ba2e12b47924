import { CHANNELS, type ChannelName } from '@runnel/contracts'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensure } from '../ensure.ts'
import { checkCounts, type Counts } from './check-counts.ts'
import { checkChannel } from './check-channel.ts'
import { checkRecipients } from './check-recipients.ts'
import { checkRate, checkTimes } from './check-times.ts'
import type { Person } from './create-people.ts'
import type { Plan } from './create-plans.ts'
import { readRunState, type MessageRow, type RunState } from './read-run-state.ts'
import type { ChannelReceiver } from './receivers/channel-call.ts'

/** Statistics are cached for a second. */
const STALE_MS = 1500

/** What holds a record of the mailings. */
export interface MailingSources {
  readonly postgres: { readonly url: string }
  readonly query: { readonly url: string }
  readonly receivers: Readonly<Record<ChannelName, Pick<ChannelReceiver, 'calls'>>>
}

export interface CheckOptions {
  readonly plans: ReadonlyMap<number, Plan>
  readonly people: readonly Person[]
  /** Whether gateway and webhooks recognise a repeat; mail servers never do. */
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
  const unexpected = state.mailings.filter(({ id }) => !plans.has(id))
  ensure(
    unexpected.length === 0,
    `${unexpected.length} mailings that this run did not create, e.g. ${unexpected[0]?.name}`,
  )
  for (const [mailingId, plan] of plans) {
    const isExpired = state.mailings.find(({ id }) => id === mailingId)?.status === 'expired'
    const meant = checkRecipients(state, plan, mailingId, people, mayEndEarly && isExpired)
    const counts = checkCounts(state, mailingId, await readStatistics(platform, mailingId))
    log(`${plan.name}: ${meant} clients, ${JSON.stringify(counts)}`)
  }
  for (const channel of CHANNELS) {
    const calls = await platform.receivers[channel].calls()
    const own = messagesOf(state, plans, channel)
    const checks = { channel, deduplicates: deduplicates && channel !== 'email' }
    const found = checkChannel(own, calls, checks)
    checkTimes(own, calls, plans, people)
    for (const [mailingId, plan] of plans)
      if (plan.channel === channel) checkRate(own, calls, mailingId, plan)
    log(`${channel}: ${calls.length} calls, ${JSON.stringify(found)}`)
  }
}

/** The run as it concerns one channel. */
function messagesOf(state: RunState, plans: ReadonlyMap<number, Plan>, channel: ChannelName): RunState {
  const isOwn = ({ mailingId }: MessageRow) => plans.get(mailingId)?.channel === channel
  return { ...state, messages: state.messages.filter(isOwn) }
}

async function readStatistics({ query }: MailingSources, mailingId: number): Promise<Counts> {
  const response = await fetch(`${query.url}/api/v1/mailings/${mailingId}/stats`)
  return ((await response.json()) as { counts: Counts }).counts
}
