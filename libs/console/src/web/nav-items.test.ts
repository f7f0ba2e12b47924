import { expect, test } from '@jest/globals'
import { isCurrent, isViewPath, itemsFor, NAV_ITEMS } from './nav-items.ts'

test.each([
  ['/console/mailings/7', 'Mailings'],
  ['/console/logs', 'Logs'],
  ['/console/dead-letters', 'Dead letters'],
])('at %s the navigation marks %s alone', (path, label) => {
  expect(NAV_ITEMS.filter((item) => isCurrent(item, path)).map((item) => item.label)).toEqual([label])
})

test('the navigation leads to what may be read, and to everything while that is not known', () => {
  expect(itemsFor(undefined)).toEqual(NAV_ITEMS)
  const viewer = {
    kind: 'key',
    name: 'k',
    roles: [],
    signIn: '/sign-in',
    scopes: ['logs:read', 'audit:read'],
  } as const
  expect(itemsFor({ ...viewer, roles: [], scopes: [...viewer.scopes] }).map(({ label }) => label)).toEqual([
    'Logs',
    'Audit',
    'API',
  ])
})

test('every item that leads into the console leads to a view, and what is no view is known', () => {
  const inConsole = NAV_ITEMS.filter(({ href }) => href.startsWith('/console/'))
  expect(inConsole.filter(({ href }) => !isViewPath(href))).toEqual([])
  expect(
    [
      '/console/mailings/7',
      '/console/mailings/new',
      '/console/metrics/dashboards/7',
      '/console/sessions',
    ].every(isViewPath),
  ).toBe(true)
  expect(['/console/nowhere', '/console/logs/7', '/console/log'].some(isViewPath)).toBe(false)
})
