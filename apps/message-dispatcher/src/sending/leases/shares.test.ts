import { describe, expect, it } from '@jest/globals'
import { Shares } from './shares.ts'
import type { Work } from './work.ts'

const chunkOf = (mailingId: number, more: object = {}) =>
  ({
    ...{ mailingId, stopped: false, queued: 0, begunThrough: 0 },
    ...{ chunk: { lastMessageId: 500 } },
    ...more,
  }) as Work
const RETRIES = (mailingId: number) => ({ mailingId, chunk: undefined }) as Work
const never = () => false

function create(ratePerSecond = 0) {
  let nowMs = 0
  const shares = new Shares({ ratePerSecond, now: () => nowMs })
  return { shares, pass: (ms: number) => void (nowMs += ms) }
}

describe('the shares of mailings', () => {
  it('are everything for retries while there is nothing else to send, and an eighth while there is', () => {
    const { shares } = create()
    shares.update([], never)
    expect(shares.backgroundAllowance()).toBe(Infinity)
    expect(shares.slotsOf(RETRIES(1), 128)).toBe(128)
    shares.update([chunkOf(1)], never)
    expect(shares.backgroundAllowance()).toBe(0)
    expect(shares.slotsOf(RETRIES(1), 128)).toBe(16)
    shares.count(chunkOf(1), 64)
    expect(shares.backgroundAllowance()).toBe(8)
    shares.count(RETRIES(1), 8)
    expect(shares.backgroundAllowance()).toBe(0)
  })

  it('are equal for mailings that fare well', () => {
    const { shares } = create()
    shares.update([chunkOf(1), chunkOf(1), chunkOf(2)], never)
    expect([shares.slotsOf(chunkOf(1), 128), shares.slotsOf(chunkOf(2), 128)]).toEqual([64, 64])
  })

  it('are an eighth for a mailing of which half was not accepted in ten seconds, and whole again after them', () => {
    const { shares, pass } = create()
    for (let n = 0; n < 5; n++) for (const accepted of [true, false]) shares.report(1, accepted)
    shares.update([chunkOf(1), chunkOf(2)], never)
    expect([shares.isBackground(chunkOf(1)), shares.isBackground(chunkOf(2))]).toEqual([true, false])
    expect([shares.slotsOf(chunkOf(1), 128), shares.slotsOf(chunkOf(2), 128)]).toEqual([16, 128])
    pass(11_000)
    shares.update([chunkOf(1), chunkOf(2)], never)
    expect(shares.isBackground(chunkOf(1))).toBe(false)
  })

  it('give way to nobody who has to wait for a rate of its own, nor to what is begun already', () => {
    const { shares } = create()
    shares.update([chunkOf(1)], () => true)
    expect(shares.backgroundAllowance()).toBe(Infinity)
    shares.update([chunkOf(1, { begunThrough: 500 })], never)
    expect([shares.backgroundAllowance(), shares.foreground.size]).toEqual([Infinity, 0])
  })

  it('divide the rate of everything by time, where there is one', () => {
    const { shares, pass } = create(80)
    shares.update([chunkOf(1)], () => true)
    expect(shares.backgroundAllowance()).toBe(0)
    pass(1000)
    shares.update([chunkOf(1)], () => true)
    expect(shares.backgroundAllowance()).toBe(10)
  })
})
