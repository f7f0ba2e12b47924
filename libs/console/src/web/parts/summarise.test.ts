import { expect, test } from '@jest/globals'
import { summarise } from './summarise.ts'

test('values are summed up without their gaps', () => {
  expect(summarise([null, 2, undefined, -4, 8, null])).toEqual({ last: 8, least: -4, mean: 2, most: 8 })
})

test('where nothing was measured there is no last, least, mean or most', () => {
  expect(summarise([null, undefined])).toEqual({ last: null, least: null, mean: null, most: null })
})
