import type { ProductQuery } from '../params/product-query.ts'
import type { SortName } from '../params/product-sort.ts'
import { html, type Html } from './html.ts'
import { isFiltered } from './list-href.ts'

const SORTS: Readonly<Record<SortName, string>> = {
  id: 'Id, smallest first',
  '-id': 'Id, greatest first',
  name: 'Name, A to Z',
  '-name': 'Name, Z to A',
  price: 'Price, lowest first',
  '-price': 'Price, highest first',
  '-updated': 'Updated, newest first',
  updated: 'Updated, oldest first',
}

/** Search, filters and order. Sends them as the query of the page, without any script. */
export function filterForm(query: ProductQuery): Html {
  const { q = '', manufacturer = '', minPrice, maxPrice } = query
  const clear = html`<a href="/">Clear</a>`
  return html`<form class="filters" role="search" action="/" method="get">
    <input
      class="filters-q"
      type="search"
      name="q"
      value="${q}"
      maxlength="200"
      placeholder="Name or manufacturer"
      aria-label="Search"
    />
    <input
      name="manufacturer"
      value="${manufacturer}"
      maxlength="200"
      placeholder="Manufacturer, exactly"
      aria-label="Manufacturer, exactly"
    />
    ${priceField('minPrice', 'Price from', minPrice)} ${priceField('maxPrice', 'Price to', maxPrice)}
    ${sortField(query.sort)}
    <button class="primary">Show</button>
    ${isFiltered(query) ? clear : undefined}
  </form>`
}

function priceField(name: string, label: string, value = ''): Html {
  return html`<input
    class="filters-price"
    type="number"
    step="any"
    name="${name}"
    value="${value}"
    placeholder="${label}"
    aria-label="${label}"
  />`
}

function sortField(sort: SortName): Html {
  const options = Object.entries(SORTS).map(([value, label]) =>
    value === sort
      ? html`<option value="${value}" selected>${label}</option>`
      : html`<option value="${value}">${label}</option>`,
  )
  return html`<select name="sort" aria-label="Order">
    ${options}
  </select>`
}
