import type { ProductQuery } from '../params/product-query.ts'

/** Address of the list page that shows this; what is not asked for is left out. */
export function listHref({ q, manufacturer, minPrice, maxPrice, sort, cursor }: ProductQuery): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries({ q, manufacturer, minPrice, maxPrice, sort, cursor })) {
    const isDefault = name === 'sort' && value === 'id'
    if (value !== undefined && value !== '' && !isDefault) search.set(name, value)
  }
  return search.size === 0 ? '/' : `/?${search.toString()}`
}

/** Whether products are left out. */
export function isFiltered({ q, manufacturer, minPrice, maxPrice }: ProductQuery): boolean {
  return [q, manufacturer, minPrice, maxPrice].some((value) => value !== undefined && value !== '')
}
