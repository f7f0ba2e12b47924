import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { FairShare, type Caller, type FairShareOptions } from './fair-share.ts'

const caller = (peer: string): Caller => ({ peer, onGone: () => () => undefined })

function createShare(options: Partial<FairShareOptions> = {}) {
  return new FairShare({
    what: 'searches',
    permits: 3,
    permitsOfPeer: 2,
    waiting: 10,
    waitingOfPeer: 4,
    waitMs: 1000,
    ...options,
  })
}

/** Work that ends when the test says so. */
function begin(share: FairShare, who: string | Caller) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const state = { begun: false, end: resolve, error: undefined as unknown }
  const done = share
    .run(typeof who === 'string' ? caller(who) : who, () => {
      state.begun = true
      return promise
    })
    .catch((error: unknown) => (state.error = error))
  return Object.assign(state, { done })
}

const settle = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

describe('a fair share', () => {
  it('leaves something for others, whatever one peer begins', async () => {
    const share = createShare()
    const greedy = Array.from({ length: 6 }, () => begin(share, 'a'))
    const other = begin(share, 'b')
    expect(greedy.map(({ begun }) => begun)).toEqual([true, true, false, false, false, false])
    expect(other.begun).toBe(true)
  })

  it('serves next who holds least, and who was served longest ago', async () => {
    const share = createShare({ permits: 1, permitsOfPeer: 1 })
    const order: string[] = []
    const run = (peer: string, name: string) =>
      share.run(caller(peer), async () => {
        order.push(name)
        await settle()
      })
    const all = [
      run('a', 'a1'),
      run('a', 'a2'),
      run('a', 'a3'),
      run('b', 'b1'),
      run('c', 'c1'),
      run('b', 'b2'),
    ]
    await Promise.all(all)
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2'])
  })

  it('refuses what is beyond the part of a peer under the name of that, and what is beyond all under another', async () => {
    const share = createShare({ waiting: 5 })
    const greedy = Array.from({ length: 7 }, () => begin(share, 'a'))
    await settle()
    expect(greedy.map(({ error }) => (error as { code?: string } | undefined)?.code)).toEqual([
      ...Array.from({ length: 6 }, () => undefined),
      'too_many_requests_of_peer',
    ])
    const others = [begin(share, 'b'), begin(share, 'b'), begin(share, 'c')]
    await settle()
    expect(others.map(({ begun }) => begun)).toEqual([true, false, false])
    expect(others[2]!.error).toMatchObject({ code: 'too_busy', details: { retryAfterMs: 1000 } })
  })

  it('ends a wait at its deadline, and when the caller goes; nothing is left of either', async () => {
    const share = createShare()
    const held = [begin(share, 'a'), begin(share, 'a'), begin(share, 'b')]
    const late = begin(share, 'c')
    let leave: () => void = () => undefined
    const gone = begin(share, {
      peer: 'd',
      onGone: (call) => {
        leave = call
        return () => undefined
      },
    })
    leave()
    await settle()
    expect([gone.begun, share.waiting, share.peers]).toEqual([false, 1, 3])
    jest.advanceTimersByTime(1000)
    await settle()
    expect(late.error).toMatchObject({ code: 'too_busy' })
    for (const one of held) one.end()
    await Promise.all(held.map(({ done }) => done))
    expect([share.held, share.waiting, share.peers]).toEqual([0, 0, 0])
  })

  it('never exceeds its limits, keeps no peer that is idle, and leaves no permit unused that a waiting peer may have', async () => {
    const step = fc.record({ peer: fc.constantFrom('a', 'b', 'c', 'd'), ends: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const share = createShare()
        let all: { peer: string; work: ReturnType<typeof begin> }[] = []
        for (const { peer, ends } of steps) {
          const running = all.filter(({ work }) => work.begun)
          if (ends && running.length > 0) {
            running[0]!.work.end()
            await settle()
            all = all.filter((one) => one !== running[0])
          } else all.push({ peer, work: begin(share, peer) })
          await settle()
          all = all.filter(({ work }) => work.error === undefined)
          const held = Map.groupBy(
            all.filter(({ work }) => work.begun),
            (one) => one.peer,
          )
          const count = all.filter(({ work }) => work.begun).length
          expect(share.held).toBe(count)
          expect(count).toBeLessThanOrEqual(3)
          for (const [, works] of held) expect(works.length).toBeLessThanOrEqual(2)
          const couldRun = all.some((one) => !one.work.begun && (held.get(one.peer)?.length ?? 0) < 2)
          expect(couldRun && count < 3).toBe(false)
          expect(share.peers).toBe(new Set(all.map((one) => one.peer)).size)
        }
        for (let i = 0; i < 70; i++) {
          for (const { work } of all) if (work.begun) work.end()
          await settle()
        }
        expect([share.held, share.waiting, share.peers]).toEqual([0, 0, 0])
      }),
      { numRuns: 200 },
    )
  })
})
