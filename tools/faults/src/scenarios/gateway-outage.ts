import { eventually } from '@runnel/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensure } from '../ensure.ts'
import { startMailingPlatform, type MailingPlatform } from '../mailings/start-mailing-platform.ts'
import { createPeople } from '../mailings/create-people.ts'
import { createPlans } from '../mailings/create-plans.ts'
import { createMailing, importPeople } from '../mailings/dispatcher-client.ts'
import { sampleEffort, type Effort } from '../mailings/sample-effort.ts'
import type { MailingsOptions } from './mailings.ts'

const CLIENTS = 20_000
const PROBE_INTERVAL_MS = 1000
/** For the breaker to open, and for what was under way to be put down. */
const CALM_MS = 5000
const MAX_CPU_SHARE = 0.1
const MAX_GROWTH_MB = 25
const MAX_WAL_BYTES_PER_SECOND = 64 * 1024
/** Beyond the probe interval: the probe itself, its record, and the look of the sender. */
const RESUME_SLACK_MS = 1500

/** The gateway is unreachable for the whole run: dispatchers are idle, and sending resumes once it is back. @throws BrokenPromiseError */
export async function gatewayOutage({
  seconds,
  seed,
  log,
  clients = CLIENTS,
}: MailingsOptions): Promise<void> {
  await using platform = await startMailingPlatform({
    ...{ dispatchers: 2, deduplicates: true },
    env: { BREAKER_PROBE_INTERVAL_MS: String(PROBE_INTERVAL_MS) },
  })
  const { gateway, dispatchers } = platform
  await gateway.patch({ mode: 'down' })
  const { url } = dispatchers[0]!
  await importPeople(url, createPeople(clients, seed))
  await createMailing(url, createPlans(Date.now(), seconds)[0]!)
  await sleep(CALM_MS)
  const [first, second] = await watchHalves(platform, seconds)
  log(`first half:  ${describe(first)}`)
  log(`second half: ${describe(second)}`)
  for (const half of [first, second]) {
    ensure(
      half.cpuShare <= MAX_CPU_SHARE,
      `dispatchers use ${half.cpuShare} of a core while nothing can be sent`,
    )
    ensure(
      half.walBytesPerSecond <= MAX_WAL_BYTES_PER_SECOND,
      'the database is written to while nothing can be sent',
    )
  }
  const grownMb = second.residentMb - first.residentMb
  ensure(grownMb <= MAX_GROWTH_MB, `a dispatcher grew by ${grownMb} MB`)
  const back = Date.now()
  await gateway.patch({ mode: 'ok' })
  await eventually(async () => (await gateway.stats()).accepted > 0, { timeoutMs: 30_000, everyMs: 20 })
  const resumedMs = Date.now() - back
  log(`sending resumed ${resumedMs} ms after the gateway came back`)
  ensure(resumedMs <= PROBE_INTERVAL_MS + RESUME_SLACK_MS, 'sending resumed later than one probe interval')
  await eventually(async () => (await gateway.stats()).messages > clients / 2, {
    timeoutMs: 120_000,
    everyMs: 100,
  })
  log(`half of the messages were out ${Date.now() - back} ms after the gateway came back`)
}

async function watchHalves(platform: MailingPlatform, seconds: number): Promise<[Effort, Effort]> {
  const first = await sampleEffort(platform, seconds / 2)
  return [first, await sampleEffort(platform, seconds / 2)]
}

function describe({
  cpuShare,
  residentMb,
  walBytesPerSecond,
  transactionsPerMinute,
  rowsPerMinute,
}: Effort): string {
  return (
    `${(cpuShare * 100).toFixed(1)} % of a core, ${residentMb.toFixed(0)} MB, ` +
    `${(walBytesPerSecond / 1024).toFixed(1)} KiB of WAL a second, ` +
    `${transactionsPerMinute.toFixed(0)} transactions and ${rowsPerMinute.toFixed(0)} rows written a minute`
  )
}
