import { AppError } from '@runnel/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
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
