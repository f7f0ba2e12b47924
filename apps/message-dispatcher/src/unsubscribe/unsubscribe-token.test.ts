import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createUnsubscribeLinks } from './unsubscribe-links.ts'
import { createUnsubscribeTokens } from './unsubscribe-token.ts'

const SECRET = 'a secret of thirty-two characters'
const tokens = createUnsubscribeTokens(SECRET)
const claims = fc.record({
  mailingId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  clientId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  address: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
})

describe('the token of a link to opt out', () => {
  it('comes back as what it was made of, and is the same at every attempt', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        const token = tokens.encode(claim)
        expect(token).toMatch(/^[\w-]{40,}$/)
        expect(tokens.decode(token)).toEqual(claim)
        expect(createUnsubscribeTokens(SECRET).encode(claim)).toBe(token)
      }),
    )
  })

  it('is known no more where any character of it is another, or it was cut or made longer', () => {
    const token = tokens.encode({ mailingId: 7, clientId: 9, address: 'ann@example.com' })
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    fc.assert(
      // The last character may hold bits that mean nothing.
      fc.property(fc.nat(token.length - 2), fc.constantFrom(...letters), (at, letter) => {
        fc.pre(token[at] !== letter)
        expect(tokens.decode(token.slice(0, at) + letter + token.slice(at + 1))).toBeUndefined()
        expect(tokens.decode(token.slice(0, at))).toBeUndefined()
      }),
    )
    for (const other of [`${token}AAAA`, `${token}${token}`, '', '.', 'A'.repeat(10_000)])
      expect(tokens.decode(other)).toBeUndefined()
  })

  it('does not show the address, and is another one with another secret', () => {
    const claim = { mailingId: 1, clientId: 1, address: 'ann@example.com' }
    const token = tokens.encode(claim)
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toMatch('example')
    const others = createUnsubscribeTokens(`${SECRET}!`)
    expect(others.encode(claim)).not.toBe(token)
    expect(others.decode(token)).toBeUndefined()
  })
})

it('links that were made with the secret before stay good beside the one that makes them now', () => {
  const claim = { mailingId: 1, clientId: 1, address: 'ann@example.com' }
  const url = 'https://news.example.com'
  const token = tokens.encode(claim)
  const rotated = createUnsubscribeLinks({ url, secret: `${SECRET}!`, secretSecond: SECRET })!
  expect(rotated.of(claim)).not.toContain(token)
  expect(rotated.decode(token)).toEqual(claim)
  expect(createUnsubscribeLinks({ url, secret: `${SECRET}!` })!.decode(token)).toBeUndefined()
})
