import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createEventIds, eventTimeMs, isEventId, rawEventId } from './event-id.ts'

const NOW_MS = 1_767_225_600_123

/** A clock that is set by the test. */
function clock(...times: number[]): () => number {
  let at = 0
  return () => times[Math.min(at++, times.length - 1)]!
}

function expectRising(ids: readonly string[]): void {
  expect(ids).toEqual([...new Set(ids)].sort())
}

describe('createEventIds', () => {
  it('takes a clock that shows fractions of milliseconds', () => {
    const ids = createEventIds(() => NOW_MS + 0.7)
    expect([isEventId(ids()), eventTimeMs(ids())]).toEqual([true, NOW_MS])
  })

  it('makes UUIDv7 in canonical form that carry the time of the clock', () => {
    const id = createEventIds(() => NOW_MS)()
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(eventTimeMs(id)).toBe(NOW_MS)
  })

  it('rises within one millisecond, beyond the 4096 values of its counter', () => {
    const nextId = createEventIds(() => NOW_MS)
    const ids = Array.from({ length: 20_000 }, nextId)
    expectRising(ids)
    expect(ids.every(isEventId)).toBe(true)
    // At most 2048 values are skipped in each borrowed millisecond.
    expect(eventTimeMs(ids.at(-1)!) - NOW_MS).toBeLessThanOrEqual(10)
  })

  it('writes ids as bytes that go on from those that are texts, with the same digits at random', () => {
    const nextId = createEventIds(() => NOW_MS)
    const bytes = Buffer.alloc(40, 'x')
    const ids = Array.from({ length: 6000 }, (_, i) => {
      if (i % 3 === 0) return nextId()
      nextId.write!(bytes, 2)
      return bytes.toString('latin1', 2, 38)
    })
    expect(ids.every(isEventId)).toBe(true)
    expectRising(ids)
    expect([bytes.toString('latin1', 0, 2), bytes.toString('latin1', 38)]).toEqual(['xx', 'xx'])
    expect(new Set(ids.map((id) => id[19]))).toEqual(new Set('89ab'))
    expect(new Set(ids.map((id) => id[35]))).toEqual(new Set('0123456789abcdef'))
  })

  it('goes on rising when the clock steps back, and follows it once it has caught up', () => {
    const nextId = createEventIds(clock(NOW_MS, NOW_MS - 60_000, NOW_MS - 1, NOW_MS + 1))
    const ids = Array.from({ length: 4 }, nextId)
    expectRising(ids)
    expect(ids.map(eventTimeMs)).toEqual([NOW_MS, NOW_MS, NOW_MS, NOW_MS + 1])
  })

  it('makes proper ids at the first millisecond of 1970 too', () => {
    const id = createEventIds(() => 0)()
    expect(isEventId(id)).toBe(true)
    expect(eventTimeMs(id)).toBe(0)
  })

  it('never repeats an id over two generators with the same clock', () => {
    const [first, second] = [createEventIds(() => NOW_MS), createEventIds(() => NOW_MS)]
    const ids = Array.from({ length: 5000 }, () => [first(), second()]).flat()
    expect(new Set(ids).size).toBe(10_000)
  })
})

describe('eventTimeMs', () => {
  it('is the time that the id was made of, for all 48 bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (ms) => {
        expect(eventTimeMs(createEventIds(() => ms)())).toBe(ms)
        expect(eventTimeMs(rawEventId(ms, 'logs', '1'))).toBe(ms)
      }),
      { seed: 1 },
    )
  })
})

describe('rawEventId', () => {
  const id = rawEventId(NOW_MS, 'logs', 'one')

  it('is the same for the same message, and a proper event id', () => {
    expect(rawEventId(NOW_MS, 'logs', 'one')).toBe(id)
    expect(isEventId(id)).toBe(true)
  })

  it('differs with the time, the stream and the identity', () => {
    const others = [
      rawEventId(NOW_MS + 1, 'logs', 'one'),
      rawEventId(NOW_MS, 'metrics', 'one'),
      rawEventId(NOW_MS, 'logs', 'two'),
    ]
    expect(new Set([id, ...others]).size).toBe(4)
  })

  it('is a proper event id whatever the hash is', () => {
    const ids = Array.from({ length: 2000 }, (_, i) => rawEventId(NOW_MS, 'logs', `${i}`))
    expect(ids.filter((one) => !isEventId(one))).toEqual([])
    expect(new Set(ids).size).toBe(2000)
  })

  it('takes a time before 1970 for 1970', () => {
    expect(eventTimeMs(rawEventId(-5, 'logs', 'one'))).toBe(0)
  })
})

describe('isEventId', () => {
  it.each([
    ['upper case', '01890A5D-AC96-774B-BCCE-B302099A8057'],
    ['another version', '01890a5d-ac96-474b-bcce-b302099a8057'],
    ['another variant', '01890a5d-ac96-774b-ccce-b302099a8057'],
    ['text after it', '01890a5d-ac96-774b-bcce-b302099a8057\n'],
    ['no text', 1],
    ['nothing', undefined],
  ])('refuses %s', (_, value) => {
    expect(isEventId(value)).toBe(false)
  })
})
