import { expect, test } from '@jest/globals'
import { NO_LEVEL, toBuckets } from './to-buckets.ts'

const stats = (levels: [string | null, number][], other = 0) => {
  const counts = {
    total: other + levels.reduce((sum, [, count]) => sum + count, 0),
    levels: levels.map(([level, count]) => ({ level, count })),
    other,
  }
  const at = '2026-01-01T00:00:00.000Z'
  return { from: at, to: at, stepMs: 60_000, ...counts, buckets: [{ at, ...counts }] }
}

test('levels are stacked by how bad they are, under whatever name', () => {
  const { kinds } = toBuckets(
    stats([
      ['info', 9],
      ['WARNING', 3],
      ['debug', 2],
      ['crit', 1],
      ['err', 4],
    ]),
  )
  expect(kinds.map((kind) => kind.class)).toEqual([
    'level-fatal',
    'level-error',
    'level-warn',
    'level-info',
    'level-debug',
  ])
})

test('entries without a level, and of levels that are not told apart, are bars too', () => {
  const { kinds, buckets } = toBuckets(
    stats(
      [
        [null, 5],
        ['info', 1],
      ],
      7,
    ),
  )
  expect(kinds.map(({ label }) => label)).toEqual(['info', 'no level', 'others'])
  expect(buckets[0]).toMatchObject({ total: 13, endMs: Date.parse('2026-01-01T00:01:00Z') })
  expect(buckets[0]?.counts[NO_LEVEL]).toBe(5)
})
