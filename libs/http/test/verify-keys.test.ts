import { describe, expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import { createKeyVerifier } from '../src/access/verify-keys.ts'
import { idOf, TestKeys } from './keys.ts'

describe('verifying keys', () => {
  it('makes one principal of a key, however often it comes', () => {
    const keys = new TestKeys()
    const text = keys.add(['logs:read'], { kind: 'test', namespace: 'team' })
    const verifier = createKeyVerifier(keys, Date.now)
    const principal = verifier.verify(text, () => '127.0.0.1')
    expect(principal).toMatchObject({ kind: 'key', id: idOf(text), isTest: true, namespace: 'team' })
    expect(verifier.verify(text, () => '127.0.0.1')).toBe(principal)
  })

  it('goes on verifying where more keys come than it remembers', () => {
    const keys = new TestKeys()
    const texts = Array.from({ length: 10 }, () => keys.add(['logs:read']))
    const verifier = createKeyVerifier(keys, Date.now, 3)
    for (const text of [...texts, ...texts]) {
      expect(verifier.verify(text, () => '127.0.0.1')).not.toBeInstanceOf(AppError)
    }
  })

  it('remembers no wrong key: what was refused is looked up again', () => {
    const keys = new TestKeys()
    const other = new TestKeys()
    const text = other.add(['logs:read'])
    const verifier = createKeyVerifier(keys, Date.now)
    expect(verifier.verify(text, () => '127.0.0.1')).toMatchObject({ code: 'unauthenticated' })
    keys.find = (id) => other.find(id)
    expect(verifier.verify(text, () => '127.0.0.1')).toMatchObject({ kind: 'key' })
  })
})
