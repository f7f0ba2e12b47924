import { KINDS, judgeItem } from '@runnel/contracts'
import { checkJson } from '@runnel/json'
import { describe, expect, it } from '@jest/globals'
import { chooseKind, parseKindMix } from './kind-mix.ts'
import { createPayload, seqOf } from './create-payload.ts'
import { createRandom } from './random.ts'

const seed = { run: 'r1', seed: 7, keyed: true }

describe('createPayload', () => {
  it.each(KINDS)('makes %s that the API takes, that survive JSON, and that name their place', (kind) => {
    for (let seq = 0; seq < 300; seq++) {
      const item = createPayload(seed, kind, seq)
      checkJson(item)
      judgeItem(kind, 'upsert', item, 'posted')
      expect(JSON.parse(JSON.stringify(item))).toEqual(item)
      expect(seqOf(kind, 'r1', item)).toBe(seq)
      expect(seqOf(kind, 'r2', item)).toBeUndefined()
    }
  })

  it('makes the same payload of the same seed, and another of another seed or place', () => {
    expect(createPayload(seed, 'logs', 3)).toEqual(createPayload(seed, 'logs', 3))
    const values = [createPayload(seed, 'metrics', 3), createPayload({ ...seed, seed: 8 }, 'metrics', 3)]
    expect(values[0]).not.toEqual(values[1])
    const many = Array.from({ length: 1000 }, (_, seq) =>
      JSON.stringify(createPayload(seed, 'metrics', seq)['data']),
    )
    expect(new Set(many.map((text) => (JSON.parse(text) as { value: number }).value)).size).toBeGreaterThan(
      995,
    )
  })

  it('carries a key only when asked to', () => {
    expect(createPayload(seed, 'logs', 0)['eventId']).toBe('load:r1:logs:0')
    expect(createPayload({ ...seed, keyed: false }, 'logs', 0)).not.toHaveProperty('eventId')
  })
})

describe('parseKindMix', () => {
  it('gives each kind its share', () => {
    const mix = parseKindMix('metrics=3, logs')
    const random = createRandom(1)
    const chosen = Array.from({ length: 4000 }, () => chooseKind(mix, random))
    const share = chosen.filter((kind) => kind === 'metrics').length / chosen.length
    expect(share).toBeGreaterThan(0.7)
    expect(share).toBeLessThan(0.8)
    expect(new Set(chosen)).toEqual(new Set(['metrics', 'logs']))
  })

  it.each(['', 'metric', 'logs=0', 'logs=-1', 'logs=x', 'logs,', 'logs=1,logs=2'])('refuses %j', (text) => {
    expect(() => parseKindMix(text)).toThrow('kinds with optional weights')
  })
})
