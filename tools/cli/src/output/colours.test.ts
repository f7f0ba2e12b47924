import { expect, it } from '@jest/globals'
import { createPaint } from './colours.ts'

it.each([
  ['a terminal', { isTTY: true }, {}, true],
  ['a pipe', {}, {}, false],
  ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['a terminal with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
  ['a terminal that has no colours', { isTTY: true }, { TERM: 'dumb' }, false],
])('%s', (_, stream, env, isColoured) => {
  const text = createPaint(stream, env)('red', 'error')
  expect(text.includes('\x1b[31m')).toBe(isColoured)
  expect(text).toContain('error')
})
