import { describe, expect, it } from '@jest/globals'
import { createKeyVerifier } from '../src/access/verify-keys.ts'
import { VerifiedTexts, type VerifiedKey } from '../src/access/verified-texts.ts'
import { idOf, TestKeys } from './keys.ts'

const nowhere = () => '127.0.0.1'
const bearer = (text: string) => ({ authorization: `Bearer ${text}` })

describe('verifying keys', () => {
  it('makes one principal of a key, however often it comes', () => {
    const keys = new TestKeys()
    const text = keys.add(['logs:read'], { kind: 'test', namespace: 'team' })
    const verifier = createKeyVerifier(keys, Date.now)
    const principal = verifier.verify(bearer(text), nowhere)
    expect(principal).toMatchObject({ kind: 'key', id: idOf(text), isTest: true, namespace: 'team' })
    expect(verifier.verify(bearer(text), nowhere)).toBe(principal)
  })

  it('remembers no wrong key: what was refused is looked up again', () => {
    const keys = new TestKeys()
    const other = new TestKeys()
    const text = other.add(['logs:read'])
    const verifier = createKeyVerifier(keys, Date.now)
    expect(verifier.verify(bearer(text), nowhere)).toMatchObject({ code: 'unauthenticated' })
    keys.find = (id) => other.find(id)
    expect(verifier.verify(bearer(text), nowhere)).toMatchObject({ kind: 'key' })
  })

  it('takes no header for another that had the same text and was right', () => {
    const keys = new TestKeys()
    const text = keys.add(['logs:read'])
    const verifier = createKeyVerifier(keys, Date.now)
    expect(verifier.verify({ 'x-api-key': text }, nowhere)).toMatchObject({ kind: 'key' })
    expect(verifier.verify({ authorization: text }, nowhere)).toBeUndefined()
    const ofProxy = { authorization: `Basic ${btoa('proxy:other')}` }
    expect(verifier.verify({ ...ofProxy, 'x-api-key': text }, nowhere)).toMatchObject({ kind: 'key' })
    expect(verifier.verify(ofProxy, nowhere)).toMatchObject({ code: 'unauthenticated' })
  })

  it.each([
    ['Bearer', bearer],
    ['Basic', (text: string) => ({ authorization: `Basic ${btoa(`user:${text}`)}` })],
    ['X-Api-Key', (text: string) => ({ 'x-api-key': text })],
  ])('sees at once that a key changed that was remembered as %s', (_, headersOf) => {
    const keys = new TestKeys()
    let nowMs = 0
    const text = keys.add(['logs:read'], { expiresAtMs: 100 })
    const verifier = createKeyVerifier(keys, () => nowMs)
    const verify = () => verifier.verify(headersOf(text), nowhere)
    expect([verify(), verify()]).toMatchObject([{ kind: 'key' }, { kind: 'key' }])
    nowMs = 100
    expect(verify()).toMatchObject({ code: 'key_expired' })
    nowMs = 0
    keys.change(text, { networks: ['10.0.0.0/8'] })
    expect(verify()).toMatchObject({ code: 'network_not_allowed' })
    keys.change(text, { networks: [], revokedAtMs: 1 })
    expect(verify()).toMatchObject({ code: 'key_revoked' })
    keys.change(text, { revokedAtMs: undefined, hashes: [] })
    expect(verify()).toMatchObject({ code: 'unauthenticated' })
    keys.remove(text)
    expect(verify()).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('texts of verified keys', () => {
  const start = (maxKeys: number) => {
    const keys = new TestKeys()
    const add = () => {
      const text = keys.add([])
      return { text, key: { record: keys.find(idOf(text)) } as VerifiedKey }
    }
    return { keys, add, texts: new VerifiedTexts(keys, maxKeys) }
  }

  it('are of so many keys, of which the first makes room', () => {
    const { add, texts } = start(2)
    const made = [add(), add(), add()]
    for (const { text, key } of made) texts.add(text, key)
    expect(made.map(({ text, key }) => texts.find(text) === key)).toEqual([false, true, true])
    expect(texts.size).toBe(2)
  })

  it('are three of one key, which takes no room from others, and none that is long', () => {
    const { add, texts } = start(2)
    const [one, other] = [add(), add()]
    texts.add(other.text, other.key)
    for (let n = 0; n < 10; n++) texts.add(`${one.text} ${n}`, one.key)
    texts.add('x'.repeat(300), one.key)
    expect([6, 7, 9].map((n) => texts.find(`${one.text} ${n}`) === one.key)).toEqual([false, true, true])
    expect([texts.size, texts.find(other.text)]).toEqual([4, other.key])
  })

  it('are forgotten with all others of their key once it is found to have changed', () => {
    const { add, keys, texts } = start(2)
    const { text, key } = add()
    texts.add(text, key)
    texts.add(`${text} in other words`, key)
    keys.change(text, { networks: ['10.0.0.0/8'] })
    expect(texts.find(text)).toBeUndefined()
    expect(texts.size).toBe(0)
  })
})
