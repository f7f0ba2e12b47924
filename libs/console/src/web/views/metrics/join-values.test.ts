import { expect, test } from '@jest/globals'
import { joinValues } from './join-values.ts'

const MINUTE_MS = 60_000

test('steps between values that come more rarely than steps are no gap', () => {
  expect(joinValues([1, null, 2, null, 3], MINUTE_MS / 2, MINUTE_MS)).toEqual([1, undefined, 2, undefined, 3])
})

test('one value may be missing, or stand in the step before; a longer silence is a gap', () => {
  expect(joinValues([1, null, 2, null, null, 3, null, null, null, 4], MINUTE_MS, MINUTE_MS)).toEqual([
    ...[1, undefined, 2, undefined, undefined, 3],
    ...[null, null, null, 4],
  ])
})

test('without an interval every empty step is a gap, and ends stay as they are', () => {
  expect(joinValues([null, 1, null, 2, null], MINUTE_MS, null)).toEqual([null, 1, null, 2, null])
})
