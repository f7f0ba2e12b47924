import { expect, it } from '@jest/globals'
import { findErrors } from './find-errors.ts'

it('returns lines of level error and above, and lines that no logger wrote', () => {
  const log = [
    '{"level":"warn","name":"consumer","msg":"away"}',
    '{"level":"error","name":"consumer","msg":"lost","err":{"type":"Error","message":"why"}}',
    '{"level":"fatal","name":"consumer","msg":"could not start"}',
    'TypeError: undefined is not a function',
    '{"level":"error","na',
  ].join('\n')
  expect(findErrors(log)).toEqual([
    'consumer: lost (Error: why)',
    'consumer: could not start',
    'not JSON: TypeError: undefined is not a function',
  ])
})
