import { expect, test } from '@jest/globals'
import type { ReplayFilter } from '../../api/dead-letters.ts'
import { deleteAll } from './delete-all.ts'
import {
  choiceInWords,
  deleteFilter,
  deleteParams,
  groupParams,
  listParams,
  replayFilter,
} from './letters-query.ts'
import { replayAll } from './replay-all.ts'

const nowMs = Date.parse('2026-01-31T12:00:00Z')
const params = new URLSearchParams('kind=logs&reason=bad json&age=24h&replayed=true&cursor=7')

test('what is listed is what the address says', () => {
  expect(listParams(params, nowMs)).toEqual({
    kind: 'logs',
    reason: 'bad json',
    from: '2026-01-30T12:00:00.000Z',
    replayed: 'true',
    cursor: '7',
  })
})

test('a replay of all means those that had failed by then, on whatever page', () => {
  expect(replayFilter(params, nowMs)).toEqual({
    kind: 'logs',
    reason: 'bad json',
    from: '2026-01-30T12:00:00.000Z',
    to: '2026-01-31T12:00:00.000Z',
  })
})

test('the filter is described in words', () => {
  expect(choiceInWords(params)).toBe(
    'Dead letters of kind logs, whose reason contains “bad json”, that failed in the last 24 hours',
  )
  expect(choiceInWords(new URLSearchParams())).toBe('All dead letters')
})

test('a replay goes on until a request finds fewer than it may', async () => {
  const left = [1000, 1000, 12]
  const asked: ReplayFilter[] = []
  const told: number[] = []
  const total = await replayAll({
    filter: { kind: 'logs' },
    send: async (filter) => {
      asked.push(filter)
      return { status: 'ok', replayed: left.shift() ?? 0 }
    },
    onProgress: (so) => told.push(so),
  })
  expect(total).toBe(2012)
  expect(asked).toHaveLength(3)
  expect(asked[0]).toEqual({ kind: 'logs', limit: 1000 })
  expect(told).toEqual([1000, 2000, 2012])
})

test('what is deleted is what was counted, and counts are of every kind and code', () => {
  const chosen = new URLSearchParams('kind=logs&code=23514&replayed=false&cursor=7&letter=3')
  expect(deleteParams(chosen, nowMs)).toEqual({ kind: 'logs', code: '23514', replayed: 'false' })
  expect(deleteFilter(chosen, nowMs)).toEqual({ kind: 'logs', code: '23514', replayed: false })
  expect(groupParams(chosen, nowMs)).toEqual({ replayed: 'false' })
  expect(choiceInWords(chosen)).toBe('Dead letters of kind logs, whose reason begins with 23514')
})

test('a deletion goes on until nothing remains of what was seen', async () => {
  const left = [5000, 0]
  const asked: unknown[] = []
  const told: number[] = []
  await deleteAll({
    seen: { count: 15_000, newestId: 99 },
    filter: { code: 'bad_json' },
    send: async (filter) => {
      asked.push(filter)
      const remaining = left.shift()!
      return { status: 'ok', deleted: filter.count - remaining, remaining }
    },
    onProgress: (so) => told.push(so),
  })
  expect(asked).toEqual([
    { code: 'bad_json', throughId: 99, count: 15_000 },
    { code: 'bad_json', throughId: 99, count: 5000 },
  ])
  expect(told).toEqual([10_000, 15_000])
})
