import { expect, test } from '@jest/globals'
import type { StoredSpan } from '../../api/traces.ts'
import { buildTree, visibleRows } from './span-tree.ts'

let order = 0

const span = (spanId: string, parentSpanId: string | null = null, durationMs = 1): StoredSpan => ({
  ...{ id: spanId, receivedAt: '', spanId, parentSpanId, durationMs },
  startedAt: `2026-03-01T12:00:00.${String(order++).padStart(3, '0')}500Z`,
  ...{ service: 's', name: spanId, kind: 'server', status: 'ok' },
})

const shape = (spans: StoredSpan[]) =>
  buildTree(spans).rows.map(({ span: one, level, below }) => [one.spanId, level, below])

test('each span stands behind its parent, siblings in the order in which they began', () => {
  const spans = [span('a'), span('b', 'a'), span('c', 'a'), span('d', 'b')]
  expect(shape(spans)).toEqual([
    ['a', 1, 3],
    ['b', 2, 1],
    ['d', 3, 0],
    ['c', 2, 0],
  ])
  expect(buildTree(spans).rows.map(({ place, siblings }) => `${place}/${siblings}`)).toEqual([
    '1/1',
    '1/2',
    '1/1',
    '2/2',
  ])
})

test('a span whose parent has not come is a root; circles are shown, and end', () => {
  expect(shape([span('a', 'gone'), span('b', 'c'), span('c', 'b'), span('d', 'd')])).toEqual([
    ['a', 1, 0],
    ['d', 1, 0],
    ['b', 1, 1],
    ['c', 2, 0],
  ])
})

test('times count from the first start to the last end, to the microsecond', () => {
  order = 0
  const { rows, durationMs } = buildTree([span('a', null, 2), span('b', 'a', 10.25)])
  expect(rows.map(({ startMs }) => startMs)).toEqual([0, 1])
  expect(durationMs).toBeCloseTo(11.25)
  expect(buildTree([])).toEqual({ rows: [], durationMs: 0 })
})

test('a folded span hides what is below it alone', () => {
  const { rows } = buildTree([span('a'), span('b', 'a'), span('c', 'b'), span('d', 'a')])
  const seen = (...folded: string[]) => visibleRows(rows, new Set(folded)).map((row) => row.span.spanId)
  expect(seen('b')).toEqual(['a', 'b', 'd'])
  expect(seen('a')).toEqual(['a'])
  expect(seen()).toEqual(['a', 'b', 'c', 'd'])
})

test('a chain of ten thousand spans is no deeper than any other trace', () => {
  order = 0
  const spans = Array.from({ length: 10_000 }, (_, i) => ({
    ...span(`s${i}`, i === 0 ? null : `s${i - 1}`),
    startedAt: '2026-03-01T12:00:00.000000Z',
  }))
  expect(buildTree(spans).rows[0]).toMatchObject({ below: 9999 })
})

test('a span may have called more others than a function takes arguments', () => {
  order = 0
  const spans = [span('root'), ...Array.from({ length: 150_000 }, (_, i) => ({ ...span(`s${i}`, 'root') }))]
  expect(buildTree(spans).rows[0]).toMatchObject({ below: 150_000 })
})
