import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { EncodedEvents } from './encoded-events.ts'
import { cutRuns } from './event-run.ts'

const limits = { maxEvents: 3, maxBytes: 10 }

const cut = (events: readonly string[]) =>
  cutRuns(events, limits).map(({ content, from, count }) => ({ text: content.toString(), from, count }))

describe('cutRuns', () => {
  test('keeps together what fits into one envelope', () => {
    expect(cut(['a', 'b', 'c'])).toEqual([{ text: 'a,b,c', from: 0, count: 3 }])
  })

  test('cuts at the number of events', () => {
    expect(cut(['a', 'b', 'c', 'd'])).toEqual([
      { text: 'a,b,c', from: 0, count: 3 },
      { text: 'd', from: 3, count: 1 },
    ])
  })

  test('cuts at the bytes, which are not characters', () => {
    expect(cut(['éé', 'éé', 'a'])).toEqual([
      { text: 'éé,éé', from: 0, count: 2 },
      { text: 'a', from: 2, count: 1 },
    ])
    expect(cutRuns(['éé', 'éé', 'a'], limits).map(({ bytes }) => bytes)).toEqual([9, 1])
  })

  test('lets an event that no envelope has room for travel alone', () => {
    expect(cut(['a', 'x'.repeat(20), 'b']).map(({ count }) => count)).toEqual([1, 1, 1])
    expect(cut(['x'.repeat(20)])).toHaveLength(1)
  })

  test('writes what is not ASCII whole, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '日', '😀'), maxLength: 4 })),
        (events) => {
          const runs = cutRuns(events, { maxEvents: 4, maxBytes: 30 })
          expect(runs.map(({ content }) => content.toString()).join(',')).toBe(events.join(','))
          for (const { content, bytes, count } of runs) {
            expect(bytes).toBe(Buffer.byteLength(content))
            expect(count === 1 || bytes <= 30).toBe(true)
          }
        },
      ),
      { seed: 1, numRuns: 1000 },
    )
  })

  test('cuts bytes as it cuts texts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '日', '😀'), minLength: 1, maxLength: 40 })),
        (events) => {
          const encoded = new EncodedEvents(10)
          for (const event of events) encoded.addText(event)
          expect(encoded.texts()).toEqual(events)
          const show = (list: Parameters<typeof cutRuns>[0]) =>
            cutRuns(list, { maxEvents: 4, maxBytes: 30 }).map((run) => ({
              ...run,
              content: run.content.toString(),
              source: undefined,
            }))
          const ofBytes = show(encoded)
          expect(ofBytes.map(({ content }) => content).join(',')).toBe(events.join(','))
          for (const { content, bytes, count } of ofBytes) {
            expect(bytes).toBe(Buffer.byteLength(content))
            expect(count === 1 || bytes <= 30).toBe(true)
          }
          if (events.every((event) => /^a*$/.test(event))) expect(ofBytes).toEqual(show(events))
        },
      ),
      { seed: 1, numRuns: 500 },
    )
  })

  test('loses nothing and keeps the order', () => {
    const events = Array.from({ length: 50 }, (_, i) => 'x'.repeat(i % 7) + String(i))
    expect(
      cut(events)
        .map(({ text }) => text)
        .join(','),
    ).toBe(events.join(','))
  })
})
