import type { Me, Scope } from './api/me.ts'

export interface NavItem {
  readonly href: string
  readonly label: string
  /** Leads to it after g. */
  readonly key?: string
  /** Without it the item is not shown. */
  readonly scope?: Scope
}

/** The parts of the console; app.tsx has the view of each. Products are pages of their own, served by query-api. */
export const NAV_ITEMS = [
  { href: '/', label: 'Products', key: 'p', scope: 'products:read' },
  { href: '/console/logs', label: 'Logs', key: 'l', scope: 'logs:read' },
  { href: '/console/metrics', label: 'Metrics', key: 'm', scope: 'metrics:read' },
  { href: '/console/traces', label: 'Traces', key: 't', scope: 'traces:read' },
  { href: '/console/mailings', label: 'Mailings', key: 'i', scope: 'mailings:read' },
  { href: '/console/clients', label: 'Clients', key: 'c', scope: 'clients:read' },
  { href: '/console/reports', label: 'Reports', key: 'r', scope: 'system:read' },
  { href: '/console/dead-letters', label: 'Dead letters', key: 'd', scope: 'dead-letters:read' },
  { href: '/console/audit', label: 'Audit', key: 'u', scope: 'audit:read' },
  { href: '/console/keys', label: 'Keys', key: 'k', scope: 'keys:read' },
  { href: '/console/system', label: 'System', key: 's', scope: 'system:read' },
  { href: '/console/api', label: 'API', key: 'a' },
] as const satisfies readonly NavItem[]

/** Where a view of the console begins. */
export type ViewPath = Extract<(typeof NAV_ITEMS)[number]['href'], `/console/${string}`>

/** Views that the navigation does not lead to. */
const OTHER_VIEWS = ['/console/sessions']
/** Views that have addresses below their own. */
const DEEP_VIEWS = ['/console/mailings', '/console/metrics']

/** Whether the console shows anything at a path but that there is nothing. */
export function isViewPath(path: string): boolean {
  const views = [...NAV_ITEMS.map(({ href }) => href), ...OTHER_VIEWS]
  return views.includes(path) || DEEP_VIEWS.some((view) => path.startsWith(`${view}/`))
}

/** Whether a path is this item's, or lies below. */
export function isCurrent({ href }: NavItem, path: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`))
}

/** The items that lead to something which may be read; all of them until that is known. */
export function itemsFor(me: Me | undefined): readonly NavItem[] {
  return NAV_ITEMS.filter((item: NavItem) => !me || !item.scope || me.scopes.includes(item.scope))
}
