import { expect, test } from '@jest/globals'
import { isCurrent, NAV_ITEMS } from './nav-items.ts'

test.each([
  ['/console/mailings/7', 'Mailings'],
  ['/console/logs', 'Logs'],
  ['/console/dead-letters', 'Dead letters'],
])('at %s the navigation marks %s alone', (path, label) => {
  expect(NAV_ITEMS.filter((item) => isCurrent(item, path)).map((item) => item.label)).toEqual([label])
})
