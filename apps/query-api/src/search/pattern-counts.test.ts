import { describe, expect, it } from '@jest/globals'
import { PatternCounts } from './pattern-counts.ts'

/** The newest first, as they are read. */
function count(messages: readonly (string | null)[], limit = 50) {
  const counts = new PatternCounts()
  messages.forEach((message, i) => counts.add({ id: `id-${i}`, message, occurredAtMs: 1_000_000 - i }))
  const { total, without, margin } = counts
  return { total, without, margin, ...counts.list(limit) }
}

const names = (n: number) =>
  Array.from({ length: n }, (_, i) => `name${'abcdefghijklmnopqrstuvwxyz'[i % 26]}${'x'.repeat(i / 26)}`)

describe('patterns of messages', () => {
  it('are counted, with an example and the first and last time', () => {
    expect(count(['Order 3 sent', 'stopped', 'Order 2 sent', null, 'Order 1 sent'])).toEqual({
      ...{ total: 5, without: 1, margin: 0, others: 0 },
      patterns: [
        {
          pattern: 'Order <num> sent',
          count: 3,
          lastMs: 1_000_000,
          firstMs: 999_996,
          exampleId: 'id-0',
          example: 'Order 3 sent',
        },
        {
          pattern: 'stopped',
          count: 1,
          lastMs: 999_999,
          firstMs: 999_999,
          exampleId: 'id-1',
          example: 'stopped',
        },
      ],
    })
  })

  it('are one where many differ in a name, and others where a few do', () => {
    const { patterns } = count([
      ...names(8).map((name) => `user ${name} logged in`),
      ...names(7).map((name) => `user ${name} logged out`),
      ...names(9).map((name) => `state ${name}`),
    ])
    expect(patterns[0]).toMatchObject({ pattern: 'user <*> logged in', count: 8 })
    expect(patterns).toHaveLength(1 + 7 + 9)
  })

  it('are one where many differ in two names', () => {
    const all = names(10).flatMap((from) => names(10).map((to) => `moved file from ${from} to ${to}`))
    expect(count(all).patterns).toMatchObject([{ pattern: 'moved file from <*> to <*>', count: 100 }])
  })

  it('beyond the most frequent ones are counted together', () => {
    expect(count(['a', 'a', 'b', 'c'], 1)).toMatchObject({
      patterns: [{ pattern: 'a', count: 2 }],
      others: 2,
      margin: 0,
    })
  })

  it('that are too many to be kept are dropped, the rarest first, and the answer says how many may be missing', () => {
    const rare = names(3000)
    const messages = rare.flatMap((name) => (name.length % 2 ? [name] : [name, 'often seen']))
    const { total, patterns, others, margin } = count(messages, 10)
    expect(patterns[0]).toMatchObject({ pattern: 'often seen' })
    expect(margin).toBeGreaterThan(0)
    expect(patterns.reduce((sum, { count: n }) => sum + n, others)).toBe(total)
  })

  it('of one kind leave room for others, however many names there are', () => {
    const messages = names(5000).map((name) => `user ${name} logged in`)
    expect(count(['rare event', ...messages])).toMatchObject({
      margin: 0,
      patterns: [
        { pattern: 'user <*> logged in', count: 5000 },
        { pattern: 'rare event', count: 1 },
      ],
    })
  })
})
