import { expect, test } from '@jest/globals'
import type { SpanNode } from './span-tree.ts'
import { keyAction } from './waterfall-keys.ts'

const node = (spanId: string, parent: string | undefined, below: number): SpanNode => ({
  span: { spanId } as SpanNode['span'],
  ...{ level: 1, place: 1, siblings: 1, startMs: 0, parent, below },
})

const rows = [node('a', undefined, 2), node('b', 'a', 1), node('c', 'b', 0)]
const plain = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false }
const press = (key: string, at: number, ...folded: string[]) =>
  keyAction({ ...plain, key }, rows, at, new Set(folded))

test('arrows move, and stop at the ends', () => {
  expect(press('ArrowDown', 0)).toEqual({ type: 'move', row: 1 })
  expect(press('ArrowDown', 2)).toEqual({ type: 'move', row: 2 })
  expect(press('ArrowUp', 0)).toEqual({ type: 'move', row: 0 })
  expect(press('End', 0)).toEqual({ type: 'move', row: 2 })
})

test('left folds, then goes to the parent; right unfolds, then goes to the first child', () => {
  expect(press('ArrowLeft', 1)).toEqual({ type: 'fold', spanId: 'b', fold: true })
  expect(press('ArrowLeft', 1, 'b')).toEqual({ type: 'move', row: 0 })
  expect(press('ArrowLeft', 2)).toEqual({ type: 'move', row: 1 })
  expect(press('ArrowLeft', 0, 'a')).toBeUndefined()
  expect(press('ArrowRight', 1, 'b')).toEqual({ type: 'fold', spanId: 'b', fold: false })
  expect(press('ArrowRight', 0)).toEqual({ type: 'move', row: 1 })
  expect(press('ArrowRight', 2)).toBeUndefined()
})

test('Enter opens; other keys are left to the browser', () => {
  expect(press('Enter', 2)).toEqual({ type: 'open', spanId: 'c' })
  expect(press('a', 2)).toBeUndefined()
})

test.each(['altKey', 'ctrlKey', 'metaKey', 'shiftKey'])(
  'keys with %s are left to the browser',
  (modifier) => {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'Home', 'End', 'Enter', ' '])
      expect(keyAction({ ...plain, key, [modifier]: true }, rows, 1, new Set())).toBeUndefined()
  },
)
