import { expect, it } from '@jest/globals'
import { toPage } from './page.ts'

it('a page leads on from its last item where one more was found, and ends the list otherwise', () => {
  const page = (found: number[]) =>
    toPage(
      found,
      2,
      (n) => n * 10,
      (last) => `after ${last}`,
    )
  expect(page([1, 2, 3])).toEqual({ items: [10, 20], nextCursor: 'after 2' })
  expect(page([1, 2])).toEqual({ items: [10, 20], nextCursor: null })
  expect(page([])).toEqual({ items: [], nextCursor: null })
})
