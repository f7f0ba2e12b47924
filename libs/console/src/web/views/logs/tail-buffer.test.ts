import { expect, test } from '@jest/globals'
import { MAX_LINES, TailBuffer } from './tail-buffer.ts'

const log = (id: number) => ({ event: 'log', data: JSON.stringify({ id: String(id) }) })
const many = (count: number, first = 0) => Array.from({ length: count }, (_, i) => log(first + i))
const idsOf = (buffer: TailBuffer) => buffer.lines.map(({ id }) => Number(id))

test('the newest line stands on top, and shows only with a flush', () => {
  const buffer = new TailBuffer()
  buffer.push(many(2))
  expect([buffer.lines.length, buffer.waiting]).toEqual([0, 2])
  buffer.flush()
  buffer.push([log(2)])
  buffer.flush()
  expect(idsOf(buffer)).toEqual([2, 1, 0])
})

test('no more lines are kept than the limit; what has scrolled out is not called dropped', () => {
  const buffer = new TailBuffer()
  for (let i = 0; i < 3; i++) {
    buffer.push(many(MAX_LINES / 2, (i * MAX_LINES) / 2))
    buffer.flush()
  }
  expect([buffer.lines.length, idsOf(buffer)[0], buffer.dropped]).toEqual([MAX_LINES, MAX_LINES * 1.5 - 1, 0])
})

test('a pause keeps the newest lines, and counts those it could not keep', () => {
  const buffer = new TailBuffer()
  for (let i = 0; i < 5; i++) buffer.push(many(MAX_LINES, i * MAX_LINES))
  expect([buffer.waiting, buffer.dropped]).toEqual([MAX_LINES, 4 * MAX_LINES])
})

test('lines that the server dropped are added up', () => {
  const buffer = new TailBuffer()
  buffer.push([
    { event: 'dropped', data: '{"count":12}' },
    { event: 'dropped', data: '{"count":3,"missed":40}' },
  ])
  expect([buffer.dropped, buffer.missed]).toEqual([15, 40])
})

test('a line that comes again after a break is shown once', () => {
  const buffer = new TailBuffer()
  buffer.push(many(3))
  buffer.flush()
  buffer.push(many(5))
  buffer.flush()
  expect(idsOf(buffer)).toEqual([4, 3, 2, 1, 0])
})

test.each(['', 'null', '{', '{"id":5}', '[]'])('a line that is no entry (%p) is passed over', (data) => {
  const buffer = new TailBuffer()
  buffer.push([
    { event: 'log', data },
    { event: 'dropped', data },
  ])
  expect([buffer.waiting, buffer.dropped]).toEqual([0, 0])
})
