import { AppError } from '@runnel/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import snappy from 'snappyjs'
import { deflateSnappy, inflateSnappy } from './snappy.ts'

function codeOf(inflate: () => Buffer): string | undefined {
  try {
    inflate()
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

describe('snappy', () => {
  it('gives back what it took, whatever that is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const compressed = deflateSnappy(Buffer.from(bytes))
        expect(inflateSnappy(compressed, bytes.length)).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('looks at the length in the header before it inflates', () => {
    const header = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f])
    expect(codeOf(() => inflateSnappy(header, 5_000_000))).toBe('body_too_large')
    expect(codeOf(() => inflateSnappy(deflateSnappy(Buffer.alloc(101)), 100))).toBe('body_too_large')
  })

  it.each<[string, readonly number[], string]>([
    ['a literal that ends early', [3, 0x08, 0x61, 0x62], 'in the middle of a literal'],
    ['a length that ends early', [100, 0xf4, 0x63], 'in the middle of an element'],
    ['a copy that ends early', [8, 0x00, 0x61, 0x0d], 'in the middle of an element'],
    ['more than the header says', [2, 0x08, 0x61, 0x62, 0x63], 'more than'],
    ['copies of more than the header says', [4, 0x00, 0x61, 0xfe, 0x01, 0x00], 'more than'],
    ['less than the header says', [4, 0x08, 0x61, 0x62, 0x63], 'less than'],
    ['nothing though the header says more', [4], 'less than'],
    ['a copy of nothing', [5, 0x00, 0x61, 0x01, 0x00], 'before the text'],
    ['a copy from before the beginning', [5, 0x00, 0x61, 0x01, 0x02], 'before the text'],
    ['a copy from far before it', [5, 0x00, 0x61, 0x0f, 0x01, 0x00, 0x00, 0x80], 'before the text'],
    ['a literal of 2 GiB', [5, 0xfc, 0x00, 0x00, 0x00, 0x80, 0x61], 'in the middle of a literal'],
  ])('refuses %s, and says so', (_, bytes, reason) => {
    expect(() => inflateSnappy(Buffer.from(bytes), 1000)).toThrow(reason)
  })

  it('inflates damaged blocks as they say, or not at all', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'abc', 'ab'), maxLength: 300 })
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 })
    let inflated = 0
    fc.assert(
      fc.property(text, damage, fc.nat(3), (written, changes, missing) => {
        const block = deflateSnappy(Buffer.from(written))
        for (const [at, byte] of changes) block[at % block.length] = byte
        const bytes = block.subarray(0, Math.max(1, block.length - missing))
        const expected = inflatePlainly(bytes)
        if (expected === undefined || expected.length > 10_000)
          return expect(codeOf(() => inflateSnappy(bytes, 10_000))).toMatch(/^(bad_encoding|body_too_large)$/)
        inflated++
        expect(inflateSnappy(bytes, 10_000)).toEqual(expected)
        expect(snappy.uncompress(bytes)).toEqual(expected)
      }),
      { numRuns: 3000 },
    )
    expect(inflated).toBeGreaterThan(300)
  })

  it('refuses what is no block, in one way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect([undefined, 'bad_encoding', 'body_too_large']).toContain(
          codeOf(() => inflateSnappy(Buffer.from(bytes), 10_000)),
        )
      }),
    )
    expect(codeOf(() => inflateSnappy(Buffer.alloc(0), 100))).toBe('bad_encoding')
    expect(codeOf(() => inflateSnappy(Buffer.from('{"streams":[]}'), 200))).toBe('bad_encoding')
  })
})

/** By the description of the format, byte by byte. @returns undefined where it is no block */
function inflatePlainly(bytes: Buffer): Buffer | undefined {
  let at = 0
  const next = (count: number): number | undefined => {
    at += count
    return at <= bytes.length ? (count === 0 ? 0 : bytes.readUIntLE(at - count, count)) : undefined
  }
  let length = 0
  for (let shift = 0, more = true; more; shift += 7) {
    const byte = next(1)
    if (byte === undefined || shift > 28) return undefined
    length += (byte & 0x7f) * 2 ** shift
    more = byte >= 0x80
  }
  const text: number[] = []
  while (at < bytes.length) {
    const first = next(1)!
    const high = first >> 2
    if ((first & 3) === 0) {
      const size = high < 60 ? high : next(high - 59)
      if (size === undefined || at + size + 1 > bytes.length) return undefined
      text.push(...bytes.subarray(at, (at += size + 1)))
    } else {
      const low = next([0, 1, 2, 4][first & 3]!)
      if (low === undefined) return undefined
      const isShort = (first & 3) === 1
      const [offset, size] = isShort ? [(first >> 5) * 256 + low, (high & 7) + 4] : [low, high + 1]
      if (offset === 0 || offset > text.length) return undefined
      for (let i = 0; i < size; i++) text.push(text[text.length - offset]!)
    }
  }
  return text.length === length ? Buffer.from(text) : undefined
}
