import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SendStore } from '../src/sending/send-store.ts'
import { createCrash, createRandom } from './sending-crash.ts'
import { NOON_MS, openSendingDatabase, type SendingDatabase } from './sending-database.ts'
import { startEngine, wrapStore } from './sending-engine.ts'
import { createFakeGateway, YES, type Answer } from './sending-gateway.ts'

const SEEDS = Array.from({ length: Number(process.env['TEST_SEEDS'] ?? 6) }, (_, i) => i + 1)
const CHUNKS = 6
const PER_CHUNK = 100
const TOTAL = CHUNKS * PER_CHUNK

/** Domain time passes this many times as fast: retries wait for it. */
const HASTE = 100

describe.each([
  ['a gateway that recognises repeats', true],
  ['a gateway that does not', false],
])('processes that die anywhere, before %s', (_name, deduplicates) => {
  let database: SendingDatabase
  beforeAll(async () => {
    database = await openSendingDatabase()
  })
  afterAll(() => database.drop())

  it.each(SEEDS)('lose no message and send none twice (seed %i)', async (seed) => {
    const random = createRandom(seed)
    await database.run(
      'truncate mailing, mailing_cell, mailing_stat, mailing_tally, mailing_zone, message, retry, send_chunk, client, attempt',
    )
    await database.insertMailing({ chunks: CHUNKS, perChunk: PER_CHUNK })
    const beganMs = performance.now()
    const nowMs = () => NOON_MS + (performance.now() - beganMs) * HASTE
    const gateway = createFakeGateway(nowMs, deduplicates)
    gateway.answer = () => answerAtRandom(random)
    const options = { deduplicates, concurrency: 12 }
    const dead = []
    for (const owner of ['one', 'two', 'three', 'four']) {
      const crash = createCrash(1 + Math.floor(random() * 120), random)
      const { store, channel: wrap } = crash
      const engine = startEngine({ database, nowMs, owner, options, random, store, channel: wrap(gateway) })
      dead.push({ crash, engine, owner })
      if (owner === 'one') continue
      const first = dead.at(-2)!
      await eventually(() => first.crash.hasHappened || crash.hasHappened || sent(database))
      await first.crash.now()
      await database.endLeases(first.owner)
    }
    await dead.at(-1)!.crash.now()
    await database.endLeases('four')
    const last = startEngine({ database, nowMs, owner: 'last', options, random, channel: gateway })
    try {
      await eventually(async () => {
        const { pending = 0, retry = 0 } = await database.counts()
        return pending + retry === 0 && (await database.openChunks()) === 0
      })
      const messages = await database.messages()
      const effects = ({ id }: { id: number }) => gateway.effects.get(id) ?? 0
      expect(messages.length).toBe(TOTAL)
      expect(messages.filter(({ status }) => status !== 'sent' && status !== 'unknown')).toEqual([])
      expect(messages.filter((message) => message.status === 'sent' && effects(message) !== 1)).toEqual([])
      expect(messages.filter((message) => effects(message) > 1)).toEqual([])
      if (deduplicates) expect(messages.filter(({ status }) => status === 'unknown')).toEqual([])
    } finally {
      const drained = [last, ...dead.map(({ engine }) => engine)].map((engine) => engine.drain())
      for (const { crash } of dead) crash.bury()
      await Promise.all(drained)
    }
  })
})

describe.each([
  ['a gateway that recognises repeats', true],
  ['a gateway that does not', false],
])('a database whose answers get lost after its commits, before %s', (_name, deduplicates) => {
  it.each(SEEDS.slice(0, 3))(
    'loses no message and has none sent twice (seed %i)',
    async (seed) => {
      const random = createRandom(seed)
      const database = await openSendingDatabase()
      await database.insertMailing({ chunks: CHUNKS, perChunk: PER_CHUNK })
      const beganMs = performance.now()
      const nowMs = () => NOON_MS + (performance.now() - beganMs) * HASTE
      const gateway = createFakeGateway(nowMs, deduplicates)
      gateway.answer = () => answerAtRandom(random)
      const options = { deduplicates, concurrency: 12, leaseMs: 3000, sendTimeoutMs: 50, retryDelayMs: 5 }
      const store = (store: SendStore) => loseAnswers(store, random)
      const engines = ['one', 'two'].map((owner) =>
        startEngine({ database, nowMs, owner, options, random, store, channel: gateway }),
      )
      try {
        await eventually(async () => (await sent(database)) && (await database.openChunks()) === 0, {
          timeoutMs: 20_000,
        })
        const messages = await database.messages()
        const effects = ({ id }: { id: number }) => gateway.effects.get(id) ?? 0
        expect(messages.filter(({ status }) => status !== 'sent' && status !== 'unknown')).toEqual([])
        expect(messages.filter((message) => message.status === 'sent' && effects(message) !== 1)).toEqual([])
        expect(messages.filter((message) => effects(message) > 1)).toEqual([])
      } finally {
        await Promise.all(engines.map((engine) => engine.drain()))
        await database.drop()
      }
    },
    40_000,
  )
})

/** One call in five takes effect, but its answer is lost. */
function loseAnswers(store: SendStore, random: () => number): SendStore {
  return wrapStore(store, async (_name, call) => {
    const answer = await call()
    if (random() < 0.2) throw Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' })
    return answer
  })
}

async function sent(database: SendingDatabase): Promise<boolean> {
  const { pending = 0, retry = 0 } = await database.counts()
  return pending + retry === 0
}

async function answerAtRandom(random: () => number): Promise<Answer> {
  await sleep(random() * 4)
  const kind = random()
  if (kind < 0.8) return YES
  if (kind < 0.9) return { outcome: 'refused', httpStatus: 503 }
  return { outcome: 'uncertain', arrived: kind < 0.95 }
}
