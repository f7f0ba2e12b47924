import { expect, test } from '@jest/globals'
import type { LogEntry } from '../../api/logs.ts'
import { entryMembers, entryText } from './entry-members.ts'

const entry = (data: unknown, message: string | null = null): LogEntry => ({
  id: 'x',
  receivedAt: '',
  occurredAt: '',
  level: null,
  service: null,
  message,
  data,
})

test('attributes come first, then members without a column, each down to its values; what is no scalar cannot be filtered by', () => {
  const data = {
    level: 'info',
    pid: 7,
    attributes: { user: { id: 'a', 'b.c': {} }, tags: ['b'], none: null },
  }
  expect(entryMembers(entry(data))).toEqual([
    { path: ['user', 'id'], name: 'user.id', text: 'a', isScalar: true },
    { path: ['user', 'b.c'], name: 'user.b.c', text: '{}', isScalar: false },
    { path: ['tags'], name: 'tags', text: '["b"]', isScalar: false },
    { path: ['none'], name: 'none', text: 'null', isScalar: false },
    { path: ['pid'], name: 'pid', text: '7', isScalar: true },
  ])
})

test.each([null, 5, 'text', [1], { attributes: [1] }])('an entry that is %p has none', (data) => {
  expect(entryMembers(entry(data))).toEqual([])
})

test('an entry without a message shows msg, or all of it', () => {
  expect(entryText(entry({ msg: 'm' }))).toBe('m')
  expect(entryText(entry({ a: 1 }))).toBe('{"a":1}')
  expect(entryText(entry({ msg: 'm' }, ''))).toBe('')
})
