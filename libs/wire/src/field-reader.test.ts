import { expect, it } from '@jest/globals'
import { BinaryWriter } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { FieldReader } from './field-reader.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }).map((one) => one.toWellFormed()),
  fc.string({ unit: 'binary-ascii', maxLength: 60 }),
)

it('a text is read as JSON.stringify writes it, before and after it was read as it is', () => {
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      const writer = new BinaryWriter()
      for (const one of texts) writer.string(one).string(one).string(one)
      const reader = new FieldReader(writer.finish())
      const read = texts.map(() => [reader.jsonText(), reader.text(), reader.jsonText()])
      expect(read).toEqual(texts.map((one) => [JSON.stringify(one), one, JSON.stringify(one)]))
    }),
    { seed: 1 },
  )
})

it('a short integer is read as it is, and one that is not short is still to be read', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.nat(), (long, short) => {
      const reader = new FieldReader(new BinaryWriter().uint32(short).int64(long).finish())
      expect(reader.shortInteger()).toBe(short)
      const read = reader.shortInteger()
      if (read < 0) expect(reader.int64()).toBe(long)
      else expect(BigInt(read)).toBe(long)
      if (long >= 0n && long < 2n ** 49n) expect(read).toBe(Number(long))
      expect(reader.pos).toBe(reader.len)
    }),
    { seed: 1 },
  )
})
