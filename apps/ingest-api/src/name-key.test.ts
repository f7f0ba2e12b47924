import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { nameKey } from './name-key.ts'

const Namespace = fc.stringMatching(/^[A-Za-z0-9_-]{0,32}$/)
const Key = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60 }),
  fc.stringMatching(/^~[A-Za-z0-9_-]{1,8}~[a-z~]{0,4}$/),
)

test('keys are equal where both the key and the namespace are', () => {
  const named = (key: string, namespace: string) => {
    try {
      return nameKey(key, namespace)
    } catch {
      return undefined
    }
  }
  fc.assert(
    fc.property(Key, Namespace, Key, Namespace, (key, namespace, other, otherNamespace) => {
      const one = named(key, namespace)
      const two = named(other, otherNamespace)
      fc.pre(one !== undefined && two !== undefined)
      expect(one === two).toBe(key === other && namespace === otherNamespace)
    }),
  )
})

test('the common namespace cannot name the keys of another', () => {
  fc.assert(
    fc.property(Key, Namespace, (key, namespace) => {
      fc.pre(namespace !== '')
      expect(() => nameKey(nameKey(key, namespace), '')).toThrow('begins like')
    }),
  )
})

test('keys stay as they are in the common namespace, and without access control', () => {
  expect(nameKey('order-1', '')).toBe('order-1')
  expect(nameKey('~shop~1', undefined)).toBe('~shop~1')
})

test('a key that is too long with its namespace is refused', () => {
  expect(nameKey('x'.repeat(506), 'shop')).toHaveLength(512)
  expect(() => nameKey('x'.repeat(507), 'shop')).toThrow('too long')
})
