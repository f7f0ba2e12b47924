import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { createKey, hashSecret, isKeyId, parseKey } from './key-format.ts'

const Keys = fc
  .tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([id, secret]) => {
    const draws = [id, secret]
    return createKey(undefined, () => draws.shift() as Uint8Array)
  })

const CHARACTERS = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-+/= ']

describe('the text of a key', () => {
  test('is read back as the id and the secret that it was made of', () => {
    fc.assert(
      fc.property(Keys, ({ id, text, sha256 }) => {
        const parsed = parseKey(text)
        if (typeof parsed === 'string') throw new Error(parsed)
        expect(parsed.id).toBe(id)
        expect(hashSecret(parsed.secret)).toEqual(sha256)
      }),
    )
  })

  test('has one form, that scanners find', () => {
    fc.assert(
      fc.property(Keys, ({ id, text }) => {
        expect(text).toMatch(/^rnl_[a-z2-7]{16}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/)
        expect(isKeyId(id)).toBe(true)
      }),
    )
  })

  test('is mistyped where any one character is another', () => {
    fc.assert(
      fc.property(
        Keys,
        fc.integer({ min: 4, max: 70 }),
        fc.constantFrom(...CHARACTERS),
        (key, at, character) => {
          fc.pre(key.text[at] !== character)
          expect(parseKey(key.text.slice(0, at) + character + key.text.slice(at + 1))).toBe('mistyped')
        },
      ),
    )
  })

  test('is mistyped where characters are missing, or two have changed places', () => {
    fc.assert(
      fc.property(Keys, fc.integer({ min: 4, max: 69 }), ({ text }, at) => {
        expect(parseKey(text.slice(0, at))).toBe('mistyped')
        fc.pre(text[at] !== text[at + 1])
        const swapped = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
        expect(parseKey(swapped)).toBe('mistyped')
      }),
    )
  })

  test('is malformed where it does not begin like a key', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.startsWith('rnl_')),
        (text) => {
          expect(parseKey(text)).toBe('malformed')
        },
      ),
    )
  })

  test('never holds more than 256 bits, whatever its digits are', () => {
    const id = 'a'.repeat(16)
    expect(parseKey(createKey(id, () => new Uint8Array(32).fill(255)).text)).not.toBe('mistyped')
    expect(parseKey(`rnl_${id}_${'z'.repeat(43)}_000000`)).toBe('mistyped')
  })
})

test('another secret for a key leaves its id', () => {
  const first = createKey()
  const second = createKey(first.id)
  expect(second.id).toBe(first.id)
  expect(second.text).not.toBe(first.text)
})

test('what is stored of a key is the SHA-256 of its secret', () => {
  const { text, sha256 } = createKey()
  const secret = text.split('_')[2] as string
  expect(sha256).toEqual(createHash('sha256').update(secret).digest())
})
