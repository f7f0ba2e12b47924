import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'
import { setTimeout as sleep } from 'node:timers/promises'
import { nextTrouble, type Random, type Trouble } from './next-trouble.ts'
import type { ChannelReceiver } from './receivers/channel-call.ts'
import { nextMailTrouble, nextWebhookTrouble } from './receivers/next-channel-trouble.ts'
import type { MailingPlatform } from './start-mailing-platform.ts'

export interface InjectFaultsOptions {
  readonly seconds: number
  readonly seed: number
  /** Over all dispatchers, in turns. */
  readonly kills: number
  readonly log: (line: string) => void
}

/** How long PostgreSQL is away. */
const DATABASE_AWAY_MS = 1000

/**
 * Injects every fault at once for a while: a gateway, a mail server and webhooks that misbehave, dispatchers that are killed, PostgreSQL and NATS that are stopped.
 * Resolves with channels that work, and everything running.
 */
export async function injectFaults(
  platform: MailingPlatform,
  { seconds, seed, kills, log }: InjectFaultsOptions,
): Promise<void> {
  const untilMs = Date.now() + seconds * 1000
  await Promise.all([
    trouble(platform.gateway, nextTrouble, { seed, untilMs }),
    trouble(platform.receivers.email, nextMailTrouble, { seed: seed + 2, untilMs }),
    trouble(platform.receivers.webhook, nextWebhookTrouble, { seed: seed + 3, untilMs }),
    killDispatchers(platform, { seconds, seed: seed + 1, kills, log }),
    restartStores(platform, seconds, log),
  ])
  await platform.gateway.patch({ mode: 'ok' })
  for (const receiver of [platform.receivers.email, platform.receivers.webhook]) await receiver.patch({})
  log('all channels are well')
}

interface TroubleOptions {
  readonly seed: number
  readonly untilMs: number
}

async function trouble(
  receiver: ChannelReceiver,
  next: (random: Random) => Trouble,
  { seed, untilMs }: TroubleOptions,
): Promise<void> {
  const random = xorshift128plus(seed)
  while (Date.now() < untilMs) {
    const { change, lastsMs } = next(random)
    await receiver.patch(change)
    await sleep(Math.min(lastsMs, Math.max(0, untilMs - Date.now())))
  }
}

async function killDispatchers(
  { dispatchers }: MailingPlatform,
  { seconds, seed, kills, log }: InjectFaultsOptions,
): Promise<void> {
  const random = xorshift128plus(seed)
  const gapMs = (seconds * 1000) / (kills + 1)
  const begun = Date.now()
  for (let kill = 1; kill <= kills; kill++) {
    await sleep(Math.max(0, begun + kill * gapMs - Date.now()) + uniformInt(random, 0, Math.floor(gapMs / 3)))
    const number = kill % dispatchers.length
    await dispatchers[number]!.kill('SIGKILL')
    await dispatchers[number]!.restart()
    log(`SIGKILL ${kill} of ${kills}: dispatcher ${number + 1}, back`)
  }
}

async function restartStores(
  { postgres, nats }: MailingPlatform,
  seconds: number,
  log: (line: string) => void,
): Promise<void> {
  await sleep((seconds * 1000) / 3)
  // Immediate shutdown: no checkpoint, clients are cut; the next start recovers.
  await postgres.kill('SIGQUIT')
  await sleep(DATABASE_AWAY_MS)
  await postgres.restart()
  log('PostgreSQL was shut down at once and is back')
  await sleep((seconds * 1000) / 3)
  await nats.restart()
  log('NATS was restarted')
}
