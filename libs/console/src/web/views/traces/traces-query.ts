import type { Params } from '../../api/build-url.ts'
import { familyParams, readFamily } from '../../data/family-params.ts'
import { rangeParams, type TimeRange } from '../../data/time-range.ts'
import type { Filter } from '../../parts/filter-chips.tsx'

/** Traces of a page. */
export const PAGE_SIZE = 50

/** What chooses traces, with their time. */
export function searchParams(params: URLSearchParams, range: TimeRange, nowMs: number): Params {
  return { ...filterParams(params), ...rangeParams(range, nowMs) }
}

function filterParams(params: URLSearchParams): Params {
  return {
    service: params.get('service'),
    operation: params.get('operation'),
    minDurationMs: readMs(params.get('min')),
    maxDurationMs: readMs(params.get('max')),
    error: params.get('error'),
    ...familyParams(params, 'attr'),
  }
}

/** Milliseconds; undefined for what is no number. */
function readMs(text: string | null): number | undefined {
  const ms = Number(text ?? '')
  return text === null || text.trim() === '' || !(ms >= 0) ? undefined : ms
}

/** The attribute filters of an address. */
export function attributeFilters(params: URLSearchParams): Filter[] {
  return readFamily(params, 'attr').map(([name, value]) => ({
    param: `attr.${name}`,
    label: `${name} = ${value}`,
  }))
}

/** Whether anything but the time narrows the search. */
export function isFiltered(params: URLSearchParams): boolean {
  return Object.values(filterParams(params)).some((value) => value !== undefined && value !== null)
}

/** Changes that drop every filter. */
export function withoutFilters(params: URLSearchParams): Record<string, null> {
  const names = ['cursor', 'service', 'operation', 'min', 'max', 'error']
  return Object.fromEntries(
    [...names, ...attributeFilters(params).map(({ param }) => param)].map((name) => [name, null]),
  )
}
