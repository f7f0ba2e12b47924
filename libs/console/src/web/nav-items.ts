export interface NavItem {
  readonly href: string
  readonly label: string
}

/** The parts of the console; app.tsx has the view of each. Products and API are pages of their own, served by query-api. */
export const NAV_ITEMS = [
  { href: '/', label: 'Products' },
  { href: '/console/logs', label: 'Logs' },
  { href: '/console/metrics', label: 'Metrics' },
  { href: '/console/mailings', label: 'Mailings' },
  { href: '/console/clients', label: 'Clients' },
  { href: '/console/reports', label: 'Reports' },
  { href: '/console/dead-letters', label: 'Dead letters' },
  { href: '/console/audit', label: 'Audit' },
  { href: '/console/system', label: 'System' },
  { href: '/docs', label: 'API' },
] as const satisfies readonly NavItem[]

/** Where a view of the console begins. */
export type ViewPath = Extract<(typeof NAV_ITEMS)[number]['href'], `/console/${string}`>

/** Whether a path is this item's, or lies below. */
export function isCurrent({ href }: NavItem, path: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`))
}
