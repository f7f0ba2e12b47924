import { SCOPES, type Scope } from './scopes.ts'

/** What people may be; a key has scopes of its own. */
export const ROLES = ['viewer', 'operator', 'sender', 'admin'] as const

export type Role = (typeof ROLES)[number]

const VIEWER: readonly Scope[] = SCOPES.filter((scope) => scope.endsWith(':read') && scope !== 'keys:read')

/** The scopes of each role. Events come from machines: of the roles only admin may send them in. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: VIEWER,
  operator: [
    ...VIEWER,
    'dashboards:write',
    'products:write',
    'dead-letters:write',
    'system:write',
    'simulator:write',
    'metrics:scrape',
  ],
  sender: [...VIEWER, 'dashboards:write', 'clients:write', 'mailings:write', 'mailings:send'],
  admin: SCOPES,
}
