import { expect, it } from '@jest/globals'
import { showLines, showText } from './show-text.ts'

const HOSTILE = 'a\u001b[2Jb\r\u009bc\u202ed'
const SHOWN = String.raw`a\u001b[2Jb\u000d\u009bc\u202ed`

it('what strangers sent moves no cursor and reverses no text', () => {
  expect(showLines(HOSTILE)).toBe(SHOWN)
  expect(showText(HOSTILE)).toBe(SHOWN)
})

it('lines stay lines where a text has some, and are written out where it is to be one', () => {
  expect(showLines('a\n\tb')).toBe('a\n\tb')
  expect(showText('a\n\tb')).toBe(String.raw`a\n\tb`)
})
