import type { Params } from '../../api/build-url.ts'
import { familyParams, readFamily } from '../../data/family-params.ts'
import { rangeParams, type TimeRange } from '../../data/time-range.ts'
import type { Filter } from '../../parts/filter-chips.tsx'

/** Entries of a page. */
export const PAGE_SIZE = 100

/** What chooses entries, apart from their time. */
export function filterParams(params: URLSearchParams): Params {
  return {
    query: params.get('query'),
    q: params.get('q'),
    level: params.get('level'),
    service: params.get('service'),
    trace: params.get('trace'),
    ...familyParams(params, 'attr'),
  }
}

/** What chooses entries, with their time. */
export function searchParams(params: URLSearchParams, range: TimeRange, nowMs: number): Params {
  return { ...filterParams(params), ...rangeParams(range, nowMs) }
}

/** The filters of an address that have no field of their own. */
export function attributeFilters(params: URLSearchParams): Filter[] {
  const trace = params.get('trace')
  const q = params.get('q')
  // Of addresses from before there were queries.
  const ofWords = q ? [{ param: 'q', label: `words: ${q}` }] : []
  const ofTrace = trace ? [{ param: 'trace', label: `trace = ${trace}` }] : []
  const ofAttributes = readFamily(params, 'attr').map(([name, value]) => ({
    param: `attr.${name}`,
    label: `${name} = ${value}`,
  }))
  return [...ofWords, ...ofTrace, ...ofAttributes]
}

/** Whether anything but the time narrows the search. */
export function isFiltered(params: URLSearchParams): boolean {
  return Object.values(filterParams(params)).some(Boolean)
}

/** Changes that drop every filter. */
export function withoutFilters(params: URLSearchParams): Record<string, null> {
  return Object.fromEntries(['cursor', ...Object.keys(filterParams(params))].map((name) => [name, null]))
}
