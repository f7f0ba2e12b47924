import { expect, test } from '@jest/globals'
import { Fences } from './fences.ts'

test('a fence that makes room becomes the floor for every key', () => {
  const fences = new Fences(() => 0, 2)
  const before = fences.moment()
  fences.raise('a', 10)
  fences.raise('b', 20)
  fences.raise('c', 30)
  expect(fences.covers('a', 10)).toBe(true)
  expect(fences.covers('unknown', 10)).toBe(true)
  expect(fences.covers('unknown', 11)).toBe(false)
  expect(fences.changedSince('a', before)).toBe(true)
})

test('an older change never lowers a fence', () => {
  const fences = new Fences(() => 0, 10)
  fences.raise('a', 20)
  fences.raise('a', 10)
  expect(fences.covers('a', 15)).toBe(true)
})

test('a fence falls after a minute, so that a wrong clock cannot keep a key out for ever', () => {
  let now = 0
  const fences = new Fences(() => now, 10)
  fences.raise('a', Number.MAX_SAFE_INTEGER)
  now = 60_001
  expect(fences.covers('a', 1)).toBe(false)
})

test('the floor falls after a minute as well, whatever version raised it', () => {
  let now = 0
  const fences = new Fences(() => now, 2)
  for (const key of ['a', 'b', 'c']) fences.raise(key, Number.MAX_SAFE_INTEGER)
  expect(fences.covers('unknown', 1)).toBe(true)
  now = 60_001
  expect(fences.covers('unknown', 1)).toBe(false)
  for (const key of ['d', 'e', 'f']) fences.raise(key, 10)
  expect(fences.covers('unknown', 10)).toBe(true)
  expect(fences.covers('unknown', 11)).toBe(false)
})
