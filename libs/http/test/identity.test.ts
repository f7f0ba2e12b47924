import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readIdentity, signIdentity } from '../src/access/identity.ts'
import type { Principal } from '../src/index.ts'

const ANN: Principal = {
  kind: 'person',
  id: 'ann',
  name: 'Ann Æ',
  scopes: new Set(['mailings:read', 'mailings:send'] as const),
  isTest: false,
  namespace: 'a',
}
const TARGET = { app: 'message-dispatcher', method: 'POST', url: '/api/v1/mailings?x=1' } as const
const NOW_MS = 1_800_000_000_000
const SIGNED = signIdentity('secret', ANN, TARGET, NOW_MS)

describe('the identity that apps sign for each other', () => {
  it('carries the principal', () => {
    expect(readIdentity(['secret'], SIGNED, TARGET, NOW_MS + 1000)).toEqual(ANN)
  })

  it.each([
    ['another app', { ...TARGET, app: 'ingest-api' as const }],
    ['another method', { ...TARGET, method: 'DELETE' }],
    ['another address', { ...TARGET, url: '/api/v1/mailings?x=2' }],
  ])('is not valid for %s', (_, target) => {
    expect(readIdentity(['secret'], SIGNED, target, NOW_MS)).toBe('invalid')
  })

  it('is not valid under another secret, nor without one', () => {
    expect(readIdentity(['other'], SIGNED, TARGET, NOW_MS)).toBe('invalid')
    expect(readIdentity([''], signIdentity('', ANN, TARGET, NOW_MS), TARGET, NOW_MS)).toBe('invalid')
  })

  it('is valid under the second secret too, while the first is rotated', () => {
    for (const secrets of [
      ['secret', 'other'],
      ['other', 'secret'],
    ])
      expect(readIdentity(secrets, SIGNED, TARGET, NOW_MS)).toEqual(ANN)
  })

  it('ends after 30 s, and allows as much for clocks that differ', () => {
    expect(readIdentity(['secret'], SIGNED, TARGET, NOW_MS + 60_000)).toEqual(ANN)
    expect(readIdentity(['secret'], SIGNED, TARGET, NOW_MS + 60_001)).toBe('expired')
    expect(readIdentity(['secret'], SIGNED, TARGET, NOW_MS - 30_001)).toBe('expired')
  })

  it('is refused where a single character differs', () => {
    const changed = fc
      .tuple(fc.nat(SIGNED.length - 2), fc.constantFrom(...'abcXYZ019-_.'))
      .map(([at, character]) => SIGNED.slice(0, at) + character + SIGNED.slice(at + 1))
      .filter((text) => text !== SIGNED)
    fc.assert(
      fc.property(changed, (text) => readIdentity(['secret'], text, TARGET, NOW_MS) === 'invalid'),
      { numRuns: 300 },
    )
  })

  it('is refused whatever else stands there', () => {
    fc.assert(
      fc.property(fc.string(), (text) => readIdentity(['secret'], text, TARGET, NOW_MS) === 'invalid'),
    )
    expect(readIdentity(['secret'], 'x'.repeat(100_000), TARGET, NOW_MS)).toBe('invalid')
  })
})
