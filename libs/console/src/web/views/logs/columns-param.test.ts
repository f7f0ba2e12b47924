import { expect, test } from '@jest/globals'
import { cellText, exportColumns, readColumns, toggleColumn } from './columns-param.ts'

test('columns come and go, six at most', () => {
  const params = new URLSearchParams('columns=a&columns=b.c')
  expect(readColumns(params)).toEqual(['a', 'b.c'])
  expect(toggleColumn(params, 'a')).toEqual(['b.c'])
  expect(toggleColumn(params, 'd')).toEqual(['a', 'b.c', 'd'])
  expect(toggleColumn(new URLSearchParams([...'abcdef'].map((name) => ['columns', name])), 'g')).toEqual([
    ...'bcdefg',
  ])
})

test('a file has the columns that are shown, or all that entries have', () => {
  expect(exportColumns(new URLSearchParams('columns=a'))).toEqual([
    'occurredAt',
    'level',
    'service',
    'a',
    'message',
  ])
  expect(exportColumns(new URLSearchParams())).toEqual([])
})

test('a cell has what the entry has under that name', () => {
  const base = { id: '', receivedAt: '', occurredAt: '', level: null, service: null, message: null }
  const entry = { ...base, data: { attributes: { user: { id: 42 } }, status: 'ok' } }
  expect(['user.id', 'status', 'none'].map((field) => cellText(entry, field))).toEqual(['42', 'ok', ''])
})
