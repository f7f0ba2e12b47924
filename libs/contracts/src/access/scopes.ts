/**
 * What a caller may do: `resource:verb`. Every route names the scope that it needs. Part of the public interface: add, never
 * rename. `mailings:send` is apart from `mailings:write`: who prepares a mailing need not be allowed to start it.
 */
export const SCOPES = [
  'metrics:write',
  'metrics:read',
  'dashboards:write',
  'dashboards:read',
  'logs:write',
  'logs:read',
  'traces:write',
  'traces:read',
  'products:write',
  'products:read',
  'clients:write',
  'clients:read',
  'mailings:write',
  'mailings:read',
  'mailings:send',
  'dead-letters:write',
  'dead-letters:read',
  'audit:read',
  'system:read',
  'system:write',
  'keys:write',
  'keys:read',
  'simulator:write',
  'simulator:read',
  'metrics:scrape',
] as const

export type Scope = (typeof SCOPES)[number]

const NAMES: ReadonlySet<string> = new Set(SCOPES)

/** @returns whether a text is the name of a scope */
export function isScope(text: string): text is Scope {
  return NAMES.has(text)
}
