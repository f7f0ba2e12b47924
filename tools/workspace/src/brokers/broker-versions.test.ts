import { expect, it } from '@jest/globals'
import { isOfSeries } from './broker-versions.ts'

it.each([
  ['nats-server: v2.9.10', '2.9', true],
  ['nats-server: v2.10.27', '2.1', false],
  ['3.10.8\n', '3.10', true],
  ['4.3.6', '3.10', false],
  ['no version', '2.9', false],
])('%j is of the series %s: %s', (text, series, expected) => {
  expect(isOfSeries(text, series)).toBe(expected)
})
