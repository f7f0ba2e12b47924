import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { EventStreamParser } from './event-stream.ts'

const TEXT =
  ': hello\n\nevent: log\nid: 7\ndata: {"a":"crème"}\n\ndata: one\ndata:two\n\nevent: dropped\ndata: {"count":3}\n\n'
const EVENTS = [
  { name: 'log', data: '{"a":"crème"}' },
  { name: 'message', data: 'one\ntwo' },
  { name: 'dropped', data: '{"count":3}' },
]

test('events are the same however the stream is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: TEXT.length }), { maxLength: 20 }), (cuts) => {
      const parser = new EventStreamParser()
      const edges = [0, ...cuts.sort((a, b) => a - b), TEXT.length]
      const events = edges.flatMap((edge, i) => parser.push(TEXT.slice(edges[i - 1] ?? 0, edge)))
      expect(events).toEqual(EVENTS)
    }),
  )
})

test('lines may end with carriage return and line feed, even cut between the two', () => {
  const parser = new EventStreamParser()
  const events = [...parser.push('data: a\r'), ...parser.push('\ndata: b\r\n\r\n')]
  expect(events).toEqual([{ name: 'message', data: 'a\nb' }])
})

test('the id of the last event is kept, for events that name none too', () => {
  const parser = new EventStreamParser()
  parser.push('id: 7\ndata: a\n\ndata: b\n\n')
  expect(parser.lastId).toBe('7')
})

test('an event that has not ended is not given out', () => {
  expect(new EventStreamParser().push('event: log\ndata: {"a":1}\n')).toEqual([])
})

test('a line without end is refused before it fills the memory', () => {
  const parser = new EventStreamParser()
  expect(() => parser.push('x'.repeat(5 * 1024 ** 2))).toThrow('does not end')
})
