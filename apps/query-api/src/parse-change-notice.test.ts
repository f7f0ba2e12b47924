import { expect, it } from '@jest/globals'
import { parseChangeNotice } from './parse-change-notice.ts'

const NOW_MS = 1_767_225_600_000
const parse = (notice: unknown) => parseChangeNotice(Buffer.from(JSON.stringify(notice)), NOW_MS)
const idsUpTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1)

it('takes what a consumer sends, whose database may be minutes ahead', () => {
  const notice = { productIds: [1, 2 ** 40], version: NOW_MS + 60_000 }
  expect(parse(notice)).toEqual(notice)
})

it('takes a version of the future for now: it would hold for ever', () => {
  for (const version of [NOW_MS + 600_000, Number.MAX_SAFE_INTEGER, 1e300])
    expect(parse({ productIds: [1], version })).toEqual({ productIds: [1], version: NOW_MS })
})

it.each<[string, unknown]>([
  [
    '130,000 ids with the largest version',
    { productIds: idsUpTo(130_000), version: Number.MAX_SAFE_INTEGER },
  ],
  ['more ids than any consumer sends', { productIds: idsUpTo(20_001), version: 1 }],
  ['ids that are no integers', { productIds: [1.5], version: 1 }],
  ['ids below 1', { productIds: [0], version: 1 }],
  ['no ids', { version: 1 }],
  ['a negative version', { productIds: [1], version: -1 }],
  ['a text as its version', { productIds: [1], version: '1' }],
  ['nothing', null],
])('refuses %s', (_, notice) => {
  expect(parse(notice)).toBeUndefined()
})

it('does not even parse what is larger than any notice', () => {
  expect(
    parseChangeNotice(Buffer.from(`{"productIds":[],"version":1}${' '.repeat(600_000)}`), NOW_MS),
  ).toBeUndefined()
})
