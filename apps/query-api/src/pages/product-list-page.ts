import type { ProductSummary } from '@runnel/repositories'
import { formatPrice } from './format.ts'
import { html, type Html } from './html.ts'
import { layout } from './layout.ts'

export interface ProductListView {
  readonly items: readonly ProductSummary[]
  /** What was searched for. */
  readonly q: string
  /** Not the first page. */
  readonly continued: boolean
  readonly nextHref: string | undefined
}

export function productListPage(view: ProductListView): string {
  const { items, q } = view
  const content = html`
    <div class="title">
      <h1>Products</h1>
      <form role="search" action="/" method="get">
        <input
          type="search"
          name="q"
          value="${q}"
          maxlength="200"
          placeholder="Name or manufacturer"
          aria-label="Search"
        />
        <button>Search</button>
      </form>
    </div>
    ${items.length > 0 ? table(items) : empty(view)} ${paging(view)}
  `
  return layout({ title: q === '' ? 'Products' : `${q} · Products`, content })
}

function table(items: readonly ProductSummary[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th class="number">Id</th>
        <th>Name</th>
        <th>Manufacturer</th>
        <th class="number">Price</th>
      </tr>
    </thead>
    <tbody>
      ${items.map(
        ({ id, name, manufacturer, price }) =>
          html`<tr>
            <td class="number id">${id}</td>
            <td class="name"><a href="/product?id=${id}">${name}</a></td>
            <td class="maker">${manufacturer ?? ''}</td>
            <td class="number price"><data value="${price}">${formatPrice(price)}</data></td>
          </tr> `,
      )}
    </tbody>
  </table>`
}

function empty({ q, continued }: ProductListView): Html {
  if (q !== '') {
    return html`<div class="note">
      <p>Nothing matches <strong>${q}</strong>.</p>
      <p><a href="/">Show all products</a></p>
    </div>`
  }
  if (continued) return html`<div class="note"><p>That was the last product.</p></div>`
  return html`<div class="note">
    <p>There are no products yet.</p>
    <p>They appear here once they are posted to <code>/api/v1/products</code> of the ingest API.</p>
  </div>`
}

function paging({ q, continued, nextHref }: ProductListView): Html {
  const first = html`<a href="${q === '' ? '/' : `/?q=${encodeURIComponent(q)}`}">First page</a>`
  const next = html`<a class="next" rel="next" href="${nextHref ?? ''}">Next page</a>`
  return html`<nav class="paging" aria-label="Pages">
    ${continued ? first : undefined} ${nextHref === undefined ? undefined : next}
  </nav>`
}
