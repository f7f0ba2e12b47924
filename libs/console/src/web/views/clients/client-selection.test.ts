import { expect, test } from '@jest/globals'
import { changeAll } from './change-all.ts'
import { selectFiltered, selectPhones } from './client-selection.ts'

test('filters that are not set choose nothing', () => {
  expect(selectFiltered({ q: 'ann', tag: null, phone: '', optedOut: 'false' })).toEqual({
    filter: { q: 'ann', optedOut: false },
  })
})

test('phones stand on lines or behind commas, each once', () => {
  expect(selectPhones(' +7 916 1\n\n79162, 79163;79162 ')).toEqual({ phones: ['+7 916 1', '79162', '79163'] })
})

test('a change of many goes on from request to request, and counts', async () => {
  const sent: unknown[] = []
  const progress: number[] = []
  const changes = { filter: {}, change: { tag: 'x' }, toChange: 5, throughId: 9 }
  const send = async (request: object) => {
    sent.push(request)
    return sent.length === 1 ? { changed: 3, nextCursor: 'c' } : { changed: 2, nextCursor: null }
  }
  expect(await changeAll({ changes, send, onProgress: (n) => progress.push(n) })).toBe(5)
  expect(sent).toEqual([changes, { ...changes, cursor: 'c' }])
  expect(progress).toEqual([3, 5])
})
