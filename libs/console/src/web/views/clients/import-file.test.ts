import { expect, test } from '@jest/globals'
import { importType } from './import-file.ts'

test('CSV and NDJSON are known by the end of the name', () => {
  expect(importType('clients.CSV')).toBe('text/csv')
  expect(importType('a.b.ndjson')).toBe('application/x-ndjson')
  expect(importType('clients.jsonl')).toBe('application/x-ndjson')
})

test.each(['clients.xlsx', 'csv', 'clients', 'x.constructor'])('%s is neither', (name) =>
  expect(importType(name)).toBeUndefined(),
)
