import type { Params } from '../../api/build-url.ts'

/** Filters of the list, by the names that the address and the API have for them. */
const FILTERS = ['q', 'phone', 'email', 'operatorCode', 'tag', 'timeZone', 'optedOut', 'channel'] as const

/** What chooses clients. */
export function filterParams(params: URLSearchParams): Params {
  return Object.fromEntries(FILTERS.map((name) => [name, params.get(name)]))
}

export function isFiltered(params: URLSearchParams): boolean {
  return FILTERS.some((name) => params.get(name))
}

/** Changes to the address that drop every filter. */
export const WITHOUT_FILTERS = Object.fromEntries([...FILTERS, 'cursor'].map((name) => [name, null]))
