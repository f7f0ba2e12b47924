import { expect, test } from '@jest/globals'
import { isTestLeftover } from '../src/test-names.ts'

const HOUR_MS = 3600 * 1000
const now = Date.now()
const id = (ageHours: number) => `${Math.trunc(now - ageHours * HOUR_MS).toString(36)}_0123456789`

test('what a run left hours ago is a leftover, what a run uses now is not', () => {
  for (const prefix of ['runnel_test_', 'rt_']) {
    expect(isTestLeftover(prefix + id(4), undefined, now)).toBe(true)
    expect(isTestLeftover(prefix + id(2), undefined, now)).toBe(false)
  }
})

test('everything of the run that has just ended is a leftover', () => {
  const mine = id(0)
  const run = mine.split('_')[0]
  expect(isTestLeftover(`rt_${mine}_logs`, run, now)).toBe(true)
  expect(isTestLeftover(`runnel_test_${mine}_template_0123456789ab`, run, now)).toBe(true)
  expect(isTestLeftover(`runnel_test_${id(1)}`, run, now)).toBe(false)
})

test.each([
  'runnel',
  'runnel_test',
  'runnel_test_mine',
  'rt_logs',
  'rt_00000000_logs',
  `my_rt_${id(9)}`,
  'logs',
])('%s belongs to another installation', (name) => {
  expect(isTestLeftover(name, undefined, now)).toBe(false)
})
