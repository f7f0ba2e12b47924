import { expect, it } from '@jest/globals'
import { toSizedPage } from './page.ts'

it('a page leads on from its last item where further ones follow, and ends the list otherwise', () => {
  const page = (items: number[], more: boolean) =>
    toSizedPage(
      { items, more },
      (n) => n * 10,
      (last) => `after ${last}`,
    )
  expect(page([1, 2], true)).toEqual({ items: [10, 20], nextCursor: 'after 2' })
  expect(page([1, 2], false)).toEqual({ items: [10, 20], nextCursor: null })
  expect(page([], false)).toEqual({ items: [], nextCursor: null })
})
