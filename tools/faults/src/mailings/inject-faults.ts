import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'
import { setTimeout as sleep } from 'node:timers/promises'
import { nextTrouble } from './next-trouble.ts'
import type { MailingPlatform } from './start-mailing-platform.ts'

export interface WreakOptions {
  readonly seconds: number
  readonly seed: number
  /** Over all dispatchers, in turns. */
  readonly kills: number
  readonly say: (line: string) => void
}

/** How long PostgreSQL is away. */
const DATABASE_AWAY_MS = 1000

/**
 * Every trouble at once for a while: the gateway's moods, dispatchers that are killed, PostgreSQL and NATS that are away.
 * Resolves with a gateway that is well, and everything running.
 */
export async function wreak(
  platform: MailingPlatform,
  { seconds, seed, kills, say }: WreakOptions,
): Promise<void> {
  const untilMs = Date.now() + seconds * 1000
  await Promise.all([
    troubleGateway(platform, seed, untilMs),
    killDispatchers(platform, { seconds, seed: seed + 1, kills, say }),
    restartStores(platform, seconds, say),
  ])
  await platform.gateway.patch({ mode: 'ok' })
  say('the gateway is well')
}

async function troubleGateway({ gateway }: MailingPlatform, seed: number, untilMs: number): Promise<void> {
  const random = xorshift128plus(seed)
  while (Date.now() < untilMs) {
    const { change, lastsMs } = nextTrouble(random)
    await gateway.patch(change)
    await sleep(Math.min(lastsMs, Math.max(0, untilMs - Date.now())))
  }
}

async function killDispatchers(
  { dispatchers }: MailingPlatform,
  { seconds, seed, kills, say }: WreakOptions,
): Promise<void> {
  const random = xorshift128plus(seed)
  const gapMs = (seconds * 1000) / (kills + 1)
  const begun = Date.now()
  for (let kill = 1; kill <= kills; kill++) {
    await sleep(Math.max(0, begun + kill * gapMs - Date.now()) + uniformInt(random, 0, Math.floor(gapMs / 3)))
    const number = kill % dispatchers.length
    await dispatchers[number]!.killAndRestart()
    say(`SIGKILL ${kill} of ${kills}: dispatcher ${number + 1}, back`)
  }
}

async function restartStores(
  { postgres, nats }: MailingPlatform,
  seconds: number,
  say: (line: string) => void,
): Promise<void> {
  await sleep((seconds * 1000) / 3)
  // Immediate shutdown: no checkpoint, clients are cut; the next start recovers.
  await postgres.kill('SIGQUIT')
  await sleep(DATABASE_AWAY_MS)
  await postgres.restart()
  say('PostgreSQL was shut down at once and is back')
  await sleep((seconds * 1000) / 3)
  await nats.restart()
  say('NATS was restarted')
}
