import type { ProductSort } from '@runnel/repositories-events'

/** What a list of products is sorted by; `-` before it: the greatest first. */
export const SORT_NAMES = [
  'id',
  '-id',
  'name',
  '-name',
  'price',
  '-price',
  'updated',
  '-updated',
] as const satisfies (ProductSort | `-${ProductSort}`)[]

export type SortName = (typeof SORT_NAMES)[number]

export function isSortName(text: string): text is SortName {
  return (SORT_NAMES as readonly string[]).includes(text)
}

export function toSort(name: SortName): { sort: ProductSort; descending: boolean } {
  const descending = name.startsWith('-')
  return { sort: (descending ? name.slice(1) : name) as ProductSort, descending }
}
