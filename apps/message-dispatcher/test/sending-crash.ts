import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { Channel } from '../src/sending/channels/channel.ts'
import type { SendStore } from '../src/sending/send-store.ts'
import { wrapStore } from './sending-engine.ts'

/** A process that dies at one of its calls: from then on nothing that it does has an effect, and no answer reaches it. */
export interface Crash {
  readonly hasHappened: boolean
  /** Makes it happen, if it has not. @returns resolves once statements that were under way have ended */
  now(): Promise<void>
  store(store: SendStore): SendStore
  channel(channel: Channel): Channel
  /** Ends the calls that hang, so that the test can end: the dead process only receives errors. */
  bury(): void
}

/**
 * @param atCall of database and gateway together, from 1
 * @param random whether that call is still carried out
 */
export function createCrash(atCall: number, random: () => number): Crash {
  let calls = 0
  let hasHappened = false
  let isBuried = false
  const hanging: (() => void)[] = []
  const underWay = new Set<Promise<unknown>>()
  const hang = () =>
    new Promise<never>((_resolve, reject) => {
      const end = () => reject(Object.assign(new Error('a dead process'), { code: '22000' }))
      if (isBuried) end()
      else hanging.push(end)
    })
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (hasHappened) return hang()
    calls += 1
    if (calls === atCall) {
      hasHappened = true
      if (random() < 0.5) return hang()
    }
    const working = work()
    underWay.add(working)
    const result = await working.finally(() => underWay.delete(working))
    return hasHappened ? hang() : result
  }
  return {
    get hasHappened() {
      return hasHappened
    },
    async now() {
      hasHappened = true
      await Promise.allSettled(underWay)
    },
    store: (store) => wrapStore(store, (_name, call) => step(call)),
    channel: (channel) => ({
      send: (request, context) => step(() => channel.send(request, context)),
      close: () => Promise.resolve(),
    }),
    bury() {
      isBuried = true
      for (const end of hanging) end()
    },
  }
}

/** Numbers in [0, 1) that are the same for the same seed. */
export function createRandom(seed: number): () => number {
  const generator = mersenne(seed)
  return () => uniformFloat64(generator)
}
