import { expect, test } from '@jest/globals'
import { parseMailingPath } from './mailing-path.ts'

test('an address leads to the list, to one mailing, to its edit or to a new one', () => {
  expect(parseMailingPath('/console/mailings')).toEqual({ view: 'list' })
  expect(parseMailingPath('/console/mailings/')).toEqual({ view: 'list' })
  expect(parseMailingPath('/console/mailings/new')).toEqual({ view: 'new' })
  expect(parseMailingPath('/console/mailings/12')).toEqual({ view: 'one', id: 12 })
  expect(parseMailingPath('/console/mailings/12/edit')).toEqual({ view: 'edit', id: 12 })
})

test.each(['/console/mailings/0', '/console/mailings/x', '/console/mailings/1/2', '/console/mailings/1e3'])(
  '%s leads nowhere',
  (path) => expect(parseMailingPath(path)).toEqual({ view: 'missing' }),
)
