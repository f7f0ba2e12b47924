import { expect, it } from '@jest/globals'
import { parseMode } from './parse-mode.ts'

it.each([
  ['ok', { mode: 'ok' }],
  ['500', { mode: '500' }],
  ['down', { mode: 'down' }],
  ['500=0.1, hang=.05', { probabilities: { '500': 0.1, hang: 0.05 } }],
  ['ok=0.5,400=0.5', { probabilities: { ok: 0.5, '400': 0.5 } }],
])('reads %s', (text, mode) => {
  expect(parseMode(text)).toEqual(mode)
})

it.each([
  '',
  'maybe',
  '500=',
  '500=2',
  '500=0.6,400=0.5',
  '500=0.1,500=0.1',
  'down=0.1',
  '500=1e-1',
  'ok,500=0.1',
])('refuses %s and says what would have been right', (text) => {
  expect(() => parseMode(text)).toThrow('a mix of them like 500=0.1,hang=0.05')
})
