import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { encodeBrokerPosition, isPositionAfter, parseBrokerPosition } from './broker-position.ts'

const part = fc.maxSafeNat()
const position = fc.record({ timeMs: part, tie: part, index: part })

it('the position of an event comes back from its header as it was', () => {
  fc.assert(
    fc.property(position, (one) => {
      expect(parseBrokerPosition(encodeBrokerPosition(one))).toEqual(one)
    }),
  )
})

it.each([
  undefined,
  '',
  '1',
  '1.2',
  '1.2.3.4',
  '-1.2.3',
  '1e3.2.3',
  ' 1.2.3',
  '9007199254740993.0.0',
  '1.2.x',
])('the position of an event is not %j', (text) => {
  expect(parseBrokerPosition(text)).toBeUndefined()
})

it('of two positions exactly one comes after the other, unless they are the same', () => {
  const small = fc.record({ timeMs: fc.nat(2), tie: fc.nat(2), index: fc.nat(2) })
  fc.assert(
    fc.property(small, small, (one, other) => {
      const same = encodeBrokerPosition(one) === encodeBrokerPosition(other)
      expect([isPositionAfter(one, other), isPositionAfter(other, one)].filter(Boolean)).toHaveLength(
        same ? 0 : 1,
      )
    }),
  )
})
