import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { timeOfNanos } from './time-of-nanos.ts'

const BILLION = 1_000_000_000n

it('a time of 64 bits is that of its seconds, with what is left of them as nine decimals', () => {
  const edges = fc.constantFrom(0n, 1n, BILLION - 1n, BILLION, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n)
  const nanos = fc.oneof(edges, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  fc.assert(
    fc.property(fc.array(nanos), (times) => {
      for (const time of times) {
        const second = new Date(Number(time / BILLION) * 1000).toISOString().slice(0, 20)
        const text = `${second}${(time % BILLION).toString().padStart(9, '0')}Z`
        expect(timeOfNanos(time)).toBe(time === 0n ? undefined : text)
      }
    }),
    { seed: 1 },
  )
})
