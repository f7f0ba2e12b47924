import { expect, it } from '@jest/globals'
import { eventTimeMs, isEventId, isPositionAfter } from '@runnel/contracts'
import fc from 'fast-check'
import { encodePosition } from './encode-position.ts'

const position = fc.record({
  timeMs: fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 2 ** 48 - 1 })),
  tie: fc.oneof(fc.nat(3), fc.maxSafeNat()),
  index: fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 2 ** 21 - 1 })),
})

it('a position sorts as a uuid as it does by itself', () => {
  fc.assert(
    fc.property(position, position, (one, other) => {
      const [a, b] = [encodePosition(one), encodePosition(other)]
      expect(a > b).toBe(isPositionAfter(one, other))
      expect(isEventId(a)).toBe(true)
      expect(eventTimeMs(a)).toBe(one.timeMs)
    }),
    { numRuns: 2000 },
  )
})
