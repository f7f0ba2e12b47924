import { expect, test } from '@jest/globals'
import { smsLength } from './sms-length.ts'

test('plain text takes 160 characters, then 153 to a part', () => {
  expect(smsLength('a'.repeat(160))).toEqual({ characters: 160, parts: 1, unicode: false })
  expect(smsLength('a'.repeat(161)).parts).toBe(2)
  expect(smsLength('')).toMatchObject({ parts: 0 })
})

test('one character beyond the alphabet makes every part shorter', () => {
  expect(smsLength('я'.repeat(70))).toEqual({ characters: 70, parts: 1, unicode: true })
  expect(smsLength(`${'a'.repeat(70)}я`).parts).toBe(2)
})

test('a euro sign counts twice', () => {
  expect(smsLength('€'.repeat(80)).parts).toBe(1)
  expect(smsLength('€'.repeat(81)).parts).toBe(2)
})
