import { expect, test } from '@jest/globals'
import { lonePoints } from './lone-points.ts'

test.each([
  [[1], [0]],
  [[1, 2], []],
  [
    [1, null, 2],
    [0, 2],
  ],
  [[1, undefined, 2], []],
  [
    [1, 2, null, 3, null, undefined, 4, undefined],
    [3, 6],
  ],
  [[null, undefined, 5, undefined, null], [2]],
  [[1, null, 2, 3], [0]],
  [
    [0, null, 0],
    [0, 2],
  ],
  [[null, null], []],
  [[], []],
])('%p has lone points at %p', (values, expected) => {
  expect(lonePoints(values)).toEqual(expected)
})
