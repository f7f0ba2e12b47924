import { describe, expect, test } from '@jest/globals'
import { createEventIds } from '@runnel/contracts'
import { EncodedEvents, EventKeyPrefix } from './encoded-events.ts'
import { encodeEvent } from './envelope.ts'

const writeId = createEventIds().write!

describe('encoded events', () => {
  test('are those that encodeEvent writes, whatever their numbers and texts are', () => {
    const events = new EncodedEvents(1)
    const numbers = [0, 9, 10, 99, 100, 12_345, 4_294_967_296]
    const texts = numbers.map((number) => `{"é😀":"${'x'.repeat(number % 1000)}"}`)
    numbers.forEach((number, i) =>
      events.add(writeId, new EventKeyPrefix('a"b.'), number, number + 1, texts[i]!),
    )
    const expected = numbers.map((number, i) =>
      encodeEvent(events.idAt(i), texts[i]!, `a"b.${number}.${number + 1}`),
    )
    expect(events.texts()).toEqual(expected)
    expect(events.slice(1, 4).toString()).toBe(expected.slice(1, 4).join(','))
    expect(events.bytesOf(1, 4)).toBe(Buffer.byteLength(expected.slice(1, 4).join(',')))
  })

  test('are the same of data in bytes', () => {
    const [texts, bytes] = [new EncodedEvents(1), new EncodedEvents(1)]
    const data = ['{}', '{"é":"😀"}', `{"a":"${'x'.repeat(200)}"}`]
    const source = Buffer.from(data.join(' '))
    const key = new EventKeyPrefix('k.')
    let ids = 0
    const sameIds = (into: Uint8Array, at: number) =>
      void Buffer.from(`00000000-0000-7000-8000-${String(ids++ % data.length).padStart(12, '0')}`).copy(
        into,
        at,
      )
    for (const one of data) texts.add(sameIds, key, 7, 0, one)
    let from = 0
    for (const one of data) {
      const to = from + Buffer.byteLength(one)
      bytes.addBytes(sameIds, key, 7, 0, source, from, to)
      from = to + 1
    }
    expect(bytes.texts()).toEqual(texts.texts())
  })

  test('cannot be read once all of their parts were copied', () => {
    const events = new EncodedEvents(100_000)
    events.addText('a')
    events.expectReleases(2)
    events.release()
    expect(events.texts()).toEqual(['a'])
    events.release()
    expect(() => events.texts()).toThrow('released')
    expect(() => events.idAt(0)).toThrow('released')
  })

  test('have no key where there is none', () => {
    const events = new EncodedEvents(1000)
    const bytes = events.add(writeId, undefined, 0, 0, '{}')
    expect(events.texts()).toEqual([encodeEvent(events.idAt(0), '{}')])
    expect(bytes).toBe(events.bytesOf(0, 1))
  })

  test('can be taken back, the last one first', () => {
    const events = new EncodedEvents(10)
    events.addText('a')
    events.removeLast()
    for (const text of ['b', 'c', 'd']) events.addText(text)
    events.removeLast()
    events.addText('e')
    expect([events.texts(), events.slice(0, 3).toString()]).toEqual([['b', 'c', 'e'], 'b,c,e'])
  })
})
