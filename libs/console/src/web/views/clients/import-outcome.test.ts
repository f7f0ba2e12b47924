import { expect, test } from '@jest/globals'
import { importOutcome } from './import-outcome.ts'

test.each([
  ['running', 10, 10, 'info', 'running'],
  ['aborted', 10, 0, 'bad', 'aborted'],
  ['completed', 10, 0, 'good', 'completed'],
  ['completed', 10, 1, 'warn', 'completed in part'],
  ['completed', 10, 10, 'bad', 'all lines refused'],
])('%s with %i lines of which %i are refused is %s: %s', (status, rows, rejected, tone, word) => {
  expect(importOutcome({ status, rows, rejected })).toEqual({ word, tone })
})
