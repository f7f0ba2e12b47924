import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'
import { nextTrouble, type Random } from '../mailings/next-trouble.ts'
import { APPS, LINES, targetOf, type Fault, type FaultAction, type StoreId } from './fault.ts'

/** Beyond the ack wait and the leases of a run. */
const STANDSTILL_MS = [4500, 6500] as const
/** A few faults are under way at any time: together they last much longer than the gap. */
const GAP_MS = { short: 1800, long: 3000 } as const
const SHORT_MS = 180_000
/** What an app needs to come back; until then nothing else is done to it. */
const RECOVERY_MS = 2500

/** Seven apps, one after the other. */
const DEPLOY_MS = 15_000

type Draw = (random: Random) => { readonly lastsMs: number } & FaultAction

const between = (random: Random, from: number, to: number) => uniformInt(random, from, to)
const oneOf = <T>(random: Random, list: readonly T[]): T => list[uniformInt(random, 0, list.length - 1)]!

const killApp: Draw = (random) => ({
  ...{ type: 'kill-app', app: oneOf(random, APPS) },
  lastsMs: between(random, 0, 1500),
})
const stopApp: Draw = (random) => ({
  ...{ type: 'stop-app', app: oneOf(random, APPS) },
  lastsMs: between(random, ...STANDSTILL_MS),
})
/** At least one of them in every round: nothing else is sure to make the broker deliver again. */
const stopConsumer: Draw = (random) => ({
  ...{ type: 'stop-app', app: oneOf(random, ['consumer-1', 'consumer-2']) },
  lastsMs: between(random, ...STANDSTILL_MS),
})
const killStore =
  (store: StoreId): Draw =>
  (random) => ({ type: 'kill-store', store, lastsMs: between(random, 0, 2500) })
const cutLine: Draw = (random) => ({ type: 'cut-line', line: oneOf(random, LINES), lastsMs: 0 })
const latency: Draw = (random) => ({
  ...{ type: 'trouble-line', line: oneOf(random, LINES) },
  mode: { type: 'latency', ms: between(random, 10, 300) },
  lastsMs: between(random, 1000, 5000),
})
const halfOpen: Draw = (random) => ({
  ...{ type: 'trouble-line', line: oneOf(random, LINES), mode: { type: 'half-open' } },
  lastsMs: between(random, 1000, 6000),
})
const dropReplies: Draw = (random) => ({
  ...{ type: 'trouble-line', line: oneOf(random, LINES), mode: { type: 'drop-replies' } },
  lastsMs: between(random, 200, 4000),
})
const bandwidth: Draw = (random) => ({
  ...{ type: 'trouble-line', line: oneOf(random, LINES) },
  mode: { type: 'bandwidth', bytesPerSecond: between(random, 20_000, 200_000) },
  lastsMs: between(random, 1000, 5000),
})
const fillStream: Draw = (random) => ({ type: 'fill-stream', lastsMs: between(random, 1500, 3000) })
/** Two minutes are what hosts without NTP drift apart; two days are a wrong date. */
const CLOCK_STEPS_MS = [120_000, -120_000, 2 * 86_400_000, -2 * 86_400_000] as const
const stepClock: Draw = (random) => ({
  ...{ type: 'step-clock', app: oneOf(random, APPS), byMs: oneOf(random, CLOCK_STEPS_MS) },
  lastsMs: between(random, 3000, 25_000),
})
const fillDisk: Draw = (random) => ({ type: 'fill-disk', lastsMs: between(random, 1500, 6000) })
const poison: Draw = (random) => ({
  ...{ type: 'poison', messages: between(random, 5, 40), seed: between(random, 1, 0x7fffffff) },
  lastsMs: 0,
})
const migrate: Draw = () => ({ type: 'migrate', lastsMs: 0 })
const deploy: Draw = () => ({ type: 'deploy', lastsMs: DEPLOY_MS })
const gateway: Draw = (random) => ({ type: 'gateway', ...nextTrouble(random) })

/** Longer than a client waits for a commit, at times. */
const standbyAway: Draw = (random) => ({
  ...{ type: 'standby-away', cancels: uniformInt(random, 0, 1) === 1 },
  lastsMs: between(random, 1000, 7000),
})

/** Every type once or more; rounds of these are shuffled, so that a short run meets each of them too. */
const ROUND: readonly Draw[] = [
  ...[killApp, killApp, killApp, stopApp, stopConsumer],
  ...[killStore('broker'), killStore('postgres'), killStore('redis')],
  ...[cutLine, latency, halfOpen, dropReplies, dropReplies, bandwidth],
  ...[fillStream, poison, migrate, deploy, gateway, gateway],
  ...[stepClock, stepClock, fillDisk],
]

/** Of a run on a pair of PostgreSQL; the disk of its tables is that of the machine. */
const PAIR_ROUND: readonly Draw[] = [
  ...ROUND.filter((draw) => draw !== fillDisk),
  ...[killStore('postgres'), killStore('postgres'), standbyAway, standbyAway],
]

/** The faults of a run, in the order of their times: the same ones for the same seed, length and kind of PostgreSQL. */
export function createSchedule(seed: number, seconds: number, isPair = false): Fault[] {
  const random = xorshift128plus(seed)
  const lengthMs = seconds * 1000
  const gapMs = lengthMs < SHORT_MS ? GAP_MS.short : GAP_MS.long
  const faults: Fault[] = []
  const freeAtMs = new Map<string, number>()
  let round: Draw[] = []
  for (let atMs = gapMs; atMs < lengthMs; atMs += between(random, gapMs / 2, (gapMs * 3) / 2)) {
    if (round.length === 0) round = shuffle(random, isPair ? PAIR_ROUND : ROUND)
    const action = round.pop()!(random)
    const target = targetOf(action)
    const beginsMs = Math.max(atMs, freeAtMs.get(target) ?? 0)
    // One that would outlast the run is left out.
    if (beginsMs + action.lastsMs > lengthMs) continue
    freeAtMs.set(target, beginsMs + action.lastsMs + RECOVERY_MS)
    faults.push({ ...action, atMs: beginsMs })
  }
  return faults.sort((a, b) => a.atMs - b.atMs)
}

/** Fisher and Yates. */
function shuffle<T>(random: Random, list: readonly T[]): T[] {
  const all = [...list]
  for (let last = all.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last)
    const moved = all[last]!
    all[last] = all[other]!
    all[other] = moved
  }
  return all
}
