import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { crc32c } from '../src/remote-read/crc32c.ts'
import { SampleBuffer } from '../src/remote-read/sample-buffer.ts'
import { encodeXorChunk } from '../src/remote-read/xor-chunk.ts'
import { decodeXorChunk } from './decode-xor-chunk.ts'

const SPECIAL: ReadonlyMap<string, bigint> = new Map([
  ['NaN', 0x7ff8000000000001n],
  ['+Inf', 0x7ff0000000000000n],
  ['-Inf', 0xfff0000000000000n],
  ['stale', 0x7ff0000000000002n],
])

function bitsOf(value: number | string): bigint {
  if (typeof value === 'string') return SPECIAL.get(value)!
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes.readBigUInt64BE()
}

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(...SPECIAL.keys()),
)
/** As scrapes come, with jitter, gaps, and leaps to where only whole numbers help. */
const step = fc.oneof(
  fc.constant(15_000),
  fc.integer({ min: 14_900, max: 15_100 }),
  fc.integer({ min: 1, max: 1_000_000 }),
  fc.integer({ min: 1, max: 2 ** 40 }),
)
const series = fc.tuple(
  fc.integer({ min: -62_135_596_800_000, max: 4_102_444_800_000 }),
  fc.array(fc.tuple(step, value), { minLength: 1, maxLength: 150 }),
)

describe('an XOR chunk', () => {
  it('says what it was made of, bit by bit', () => {
    fc.assert(
      fc.property(series, fc.nat(3), ([start, steps], from) => {
        const samples = new SampleBuffer()
        let atMs = start
        const expected = steps.map(([after, one]) => {
          atMs += after
          samples.add(atMs, typeof one === 'number' ? one : null, typeof one === 'string' ? one : null)
          return { atMs, bits: bitsOf(one) }
        })
        const first = Math.min(from, samples.count - 1)
        const chunk = encodeXorChunk(samples, first, samples.count - first)
        expect(decodeXorChunk(chunk)).toEqual(expected.slice(first))
      }),
    )
  })

  it('takes two bits for a sample that goes on as before', () => {
    const samples = new SampleBuffer()
    for (let i = 0; i < 120; i++) samples.add(1_795_953_600_000 + i * 15_000, 1, null)
    expect(encodeXorChunk(samples, 0, 120).length).toBeLessThan(2 + 6 + 8 + 3 + 120 / 4 + 1)
  })
})

it('of samples at one time the last one is kept, and a row without number or special value is left out', () => {
  const samples = new SampleBuffer()
  samples.add(1, 1, null)
  samples.add(1, null, 'stale')
  samples.add(2, null, null)
  samples.add(2, null, 'other')
  expect(decodeXorChunk(encodeXorChunk(samples, 0, samples.count))).toEqual([
    { atMs: 1, bits: SPECIAL.get('stale') },
  ])
})

it('the checksum of frames is that of Castagnoli', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
})
