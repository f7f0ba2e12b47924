import { expect, test } from '@jest/globals'
import { importType } from './import-file.ts'

test('CSV and NDJSON are known by the end of the name', () => {
  expect(importType('clients.CSV')).toBe('text/csv')
  expect(importType('a.b.ndjson')).toBe('application/x-ndjson')
  expect(importType('clients.jsonl')).toBe('application/x-ndjson')
})

test.each(['clients.txt', 'csv', 'clients', 'x.constructor'])('what is in %s the server recognises', (name) =>
  expect(importType(name)).toBe('application/octet-stream'),
)

test.each(['clients.xlsx', 'clients.XLS', 'a.csv.ods'])('%s is a spreadsheet', (name) =>
  expect(importType(name)).toBeUndefined(),
)
