export interface NavItem {
  readonly href: string
  readonly label: string
}

/** The parts of the console. Products and API are pages of their own, served by query-api. */
export const NAV_ITEMS: readonly NavItem[] = [
  { href: '/', label: 'Products' },
  { href: '/console/logs', label: 'Logs' },
  { href: '/console/metrics', label: 'Metrics' },
  { href: '/console/mailings', label: 'Mailings' },
  { href: '/console/clients', label: 'Clients' },
  { href: '/console/dead-letters', label: 'Dead letters' },
  { href: '/console/system', label: 'System' },
  { href: '/docs', label: 'API' },
]

/** Whether a path is this item's, or lies below. */
export function isCurrent({ href }: NavItem, path: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`))
}
