import { expect, test } from '@jest/globals'
import type { DeadLetter } from '../../api/dead-letters.ts'
import { hexDump, payloadForms, payloadText } from './payload-text.ts'

const letter = (payload: string, payloadEncoding = 'utf8') => ({ payload, payloadEncoding }) as DeadLetter

test('JSON is laid out, and stays as it was where one asks for that', () => {
  const json = letter('{"a":[1],"id":12345678901234567890}')
  expect(payloadForms(json)).toEqual(['pretty', 'raw', 'hex'])
  expect(payloadText(json, 'pretty')).toContain('"a": [\n    1\n  ]')
  expect(payloadText(json, 'raw')).toBe('{"a":[1],"id":12345678901234567890}')
})

test('text that is no JSON has no pretty form', () => {
  expect(payloadForms(letter('{a'))).toEqual(['raw', 'hex'])
})

test('bytes that are no text are shown as hex', () => {
  const binary = letter('AP9BQg==', 'base64')
  expect(payloadForms(binary)).toEqual(['hex'])
  expect(payloadText(binary, 'hex')).toMatch(/^00000000 {2}00 ff 41 42 {14}\|\.\.AB\|$/)
})

test('a long payload is cut, and says so', () => {
  const dump = hexDump(new Uint8Array(64 * 1024 + 5))
  expect(dump).toMatch(/… and 5 bytes more$/)
  expect(dump.split('\n')[1]).toMatch(/^00000008 {2}00/)
  expect(payloadText(letter('x'.repeat(600_000)), 'raw').length).toBeLessThan(501_000)
})
