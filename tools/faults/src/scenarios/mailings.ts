import { CHANNELS } from '@runnel/contracts'
import { ensure } from '../ensure.ts'
import { eventually } from '@runnel/testing'
import { checkMailings } from '../mailings/check-mailings.ts'
import { startMailingPlatform, type MailingPlatform } from '../mailings/start-mailing-platform.ts'
import { createPeople } from '../mailings/create-people.ts'
import { createPlans, type Plan } from '../mailings/create-plans.ts'
import { callDispatcher, createMailing, importPeople } from '../mailings/dispatcher-client.ts'
import { countUnsettled, readRunState, watchUnknown } from '../mailings/read-run-state.ts'
import { injectFaults } from '../mailings/inject-faults.ts'
import type { ScenarioOptions } from '../scenario.ts'

export interface MailingsOptions extends ScenarioOptions {
  /** Default: 100,000. */
  readonly clients?: number
  /** Whether gateway and webhooks recognise a repeat; mail servers never do. Default: true. */
  readonly deduplicates?: boolean
  /** Phones that end so are refused for good. Default: none. */
  readonly refusedSuffix?: string
}

const CLIENTS = 100_000
/** Impatient, so that a run sees many leases, timeouts and probes. */
const IMPATIENT = {
  GATEWAY_TIMEOUT_MS: '1000',
  GATEWAY_CONNECT_TIMEOUT_MS: '500',
  BREAKER_PROBE_INTERVAL_MS: '500',
  SCHEDULE_INTERVAL_MS: '250',
  SEND_INTERVAL_MS: '250',
  SEND_LEASE_MS: '1000',
  SEND_RETRY_MAX_MS: '5000',
}
const LEAST_KILLS = 4
const SECONDS_OF_A_KILL = 25
/** In a shorter run, everything may be away until the mailing ends that ends within it. */
const SECONDS_TO_MAKE_ALL = 60
const REST_MS = 15 * 60_000

/** Mailings under every fault at once; then, at rest, the records of database, query-api and channels are compared. @throws BrokenPromiseError */
export async function mailings(options: MailingsOptions): Promise<void> {
  const { seconds, seed, log, clients = CLIENTS, deduplicates = true, refusedSuffix = '' } = options
  await using platform = await startMailingPlatform({
    ...{ dispatchers: 2, deduplicates, refusedSuffix, seed },
    env: IMPATIENT,
  })
  const { url } = platform.postgres
  await watchUnknown(url)
  const people = createPeople(clients, seed, platform.receivers.webhook.urlOf)
  const dispatcherUrl = platform.dispatchers[0]!.url
  const importedFrom = Date.now()
  await importPeople(dispatcherUrl, people)
  log(`${clients} clients imported in ${Date.now() - importedFrom} ms`)
  const plans = new Map<number, Plan>()
  for (const n of createPlans(Date.now(), seconds).keys()) {
    // From now on: the ones before may have taken long.
    const plan = createPlans(Date.now(), seconds)[n]!
    plans.set(await createMailing(dispatcherUrl, plan), plan)
  }
  const kills = Math.max(LEAST_KILLS, Math.floor(seconds / SECONDS_OF_A_KILL))
  await injectFaults(platform, { seconds, seed, kills, log })
  await waitUntilSettled(platform, log)
  const mayEndEarly = seconds < SECONDS_TO_MAKE_ALL
  await checkMailings(platform, { plans, people, deduplicates, mayEndEarly, log })
  if (refusedSuffix !== '') await checkRefused(platform, refusedSuffix, log)
  for (const channel of CHANNELS) {
    const [mailingId] = [...plans].find(([, plan]) => plan.channel === channel)!
    await tryAgain(platform, mailingId, log)
  }
  await checkMailings(platform, { plans, people, deduplicates, mayEndEarly, log })
}

async function waitUntilSettled({ postgres }: MailingPlatform, log: (line: string) => void): Promise<void> {
  const from = Date.now()
  await eventually(async () => (await countUnsettled(postgres.url)) === 0, {
    timeoutMs: REST_MS,
    everyMs: 250,
  })
  log(`all mailings are settled, ${Date.now() - from} ms later`)
}

/** @throws BrokenPromiseError where a refused phone has a message that is sent, or where none was refused */
async function checkRefused(
  { postgres }: MailingPlatform,
  suffix: string,
  log: (line: string) => void,
): Promise<void> {
  const { messages } = await readRunState(postgres.url)
  const toPhones = messages.filter(({ phone, address }) => address === String(phone))
  const refused = toPhones.filter(({ address }) => address.endsWith(suffix))
  const sent = refused.filter(({ status }) => status === 'sent')
  ensure(sent.length === 0, `${sent.length} messages to refused phones are sent, e.g. ${sent[0]?.id}`)
  const failed = refused.filter(({ status }) => status === 'failed')
  ensure(failed.length > 0, 'no message to a refused phone failed')
  log(`${refused.length} messages to refused phones, ${failed.length} of them failed`)
}

/** What failed or is unknown is sent again on purpose, by a channel that is well: then all of it is sent. */
async function tryAgain(
  platform: MailingPlatform,
  mailingId: number,
  log: (line: string) => void,
): Promise<void> {
  await platform.gateway.patch({ refusedSuffix: '' })
  const url = `${platform.dispatchers[0]!.url}/api/v1/mailings/${mailingId}/retry-failed`
  const { accepted } = await callDispatcher<{ accepted: number }>(url, 'POST', {
    include: ['failed', 'unknown'],
  })
  log(`${accepted} failed and unknown messages are tried again`)
  await waitUntilSettled(platform, log)
}
