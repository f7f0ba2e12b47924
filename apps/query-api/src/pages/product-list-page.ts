import { writeNumeric } from '@runnel/contracts'
import type { ListedProduct } from '@runnel/repositories-events'
import type { ProductQuery } from '../params/product-query.ts'
import type { SortName } from '../params/product-sort.ts'
import { formatPrice, formatTime } from './format.ts'
import { html, type Html } from './html.ts'
import { layout } from './layout.ts'
import { isFiltered, listHref } from './list-href.ts'
import { filterForm } from './product-filter-form.ts'

export interface ProductListView {
  readonly items: readonly ListedProduct[]
  /** What was asked for. */
  readonly query: ProductQuery
  /** Of the next page. */
  readonly nextCursor: string | undefined
}

export function productListPage(view: ProductListView): string {
  const { items, query } = view
  const content = html`
    <div class="page-head"><h1>Products</h1></div>
    ${filterForm(query)}
    <div id="list">${items.length > 0 ? table(view) : empty(query)} ${paging(view)}</div>
  `
  return layout({ title: query.q ? `${query.q} · Products` : 'Products', content, live: 'list' })
}

function table({ items, query }: ProductListView): Html {
  return html`<div class="table-frame">
    <table>
      <thead>
        <tr>
          ${column('Id', 'id', query, 'number narrow')} ${column('Name', 'name', query)}
          <th>Manufacturer</th>
          ${column('Price', 'price', query, 'number')}
          ${column('Updated', 'updated', query, 'narrow wide-only')}
        </tr>
      </thead>
      <tbody>
        ${items.map(row)}
      </tbody>
    </table>
  </div>`
}

function row({ id, name, manufacturer, price, updatedAtMs }: ListedProduct): Html {
  const updatedAt = new Date(updatedAtMs).toISOString()
  return html`<tr data-id="${id}">
    <td class="number narrow id">${id}</td>
    <td class="name"><a href="/product?id=${id}">${name}</a></td>
    <td class="maker">${manufacturer ?? ''}</td>
    <td class="number price"><data value="${writeNumeric(price)}">${formatPrice(price)}</data></td>
    <td class="narrow wide-only time"><time datetime="${updatedAt}">${formatTime(updatedAt)}</time></td>
  </tr> `
}

type Column = 'id' | 'name' | 'price' | 'updated'

/** A head that sorts: by its column, and the other way where it does already. */
function column(label: string, by: Column, query: ProductQuery, classes = ''): Html {
  const descending: SortName = `-${by}`
  const sorted = query.sort === by ? 'ascending' : query.sort === descending ? 'descending' : 'none'
  const sort = sorted === 'ascending' ? descending : by
  const href = listHref({ ...query, sort, cursor: undefined })
  return html`<th class="${classes}" aria-sort="${sorted}"><a href="${href}">${label}</a></th>`
}

function empty(query: ProductQuery): Html {
  if (isFiltered(query)) {
    const what = query.q ? html`Nothing matches <strong>${query.q}</strong>.` : html`Nothing matches.`
    return html`<div class="note">
      <p>${what}</p>
      <p><a href="/">Show all products</a></p>
    </div>`
  }
  if (query.cursor) return html`<div class="note"><p>That was the last product.</p></div>`
  return html`<div class="note">
    <p class="note-title">There are no products yet.</p>
    <p>They appear here once they are posted to <code>/api/v1/products</code> of the ingest API.</p>
  </div>`
}

function paging({ query, nextCursor }: ProductListView): Html {
  const first = html`<a href="${listHref({ ...query, cursor: undefined })}">First page</a>`
  const next = html`<a class="pager-next" rel="next" href="${listHref({ ...query, cursor: nextCursor })}"
    >Next page</a
  >`
  return html`<nav class="pager" aria-label="Pages">
    ${query.cursor ? first : undefined} ${nextCursor === undefined ? undefined : next}
  </nav>`
}
