import { isExactNumber, isJsonObject, writeNumeric, type JsonNumber, type JsonValue } from '@runnel/contracts'
import { formatPrice, formatTime } from './format.ts'
import { html, type Html } from './html.ts'
import { layout } from './layout.ts'

/** A product as the API answers it. */
export interface ProductView {
  readonly id: number
  readonly name: string
  readonly price: JsonNumber
  readonly manufacturer: string | null
  readonly attributes: JsonValue
  readonly updatedAt: string
}

/** Longest value that is shown, in characters; the API has the rest. */
const MAX_SHOWN = 2000

/** Attributes that are shown. */
const MAX_ATTRIBUTES = 500

export function productPage(product: ProductView): string {
  const { id, name, price, manufacturer, updatedAt } = product
  const content = html`
    <p class="back"><a href="/">All products</a></p>
    <h1>${name}</h1>
    <p class="lead">${manufacturer === null ? undefined : html`by ${manufacturer}`}</p>
    <p class="big"><data value="${writeNumeric(price)}">${formatPrice(price)}</data></p>
    <dl class="card facts" data-id="${id}">
      ${attributes(product.attributes)}
      <div>
        <dt>Id</dt>
        <dd>${id}</dd>
      </div>
      <div>
        <dt>Updated</dt>
        <dd><time datetime="${updatedAt}">${formatTime(updatedAt)}</time></dd>
      </div>
    </dl>
    <p class="quiet"><a href="/api/v1/products/${id}">As JSON</a></p>
  `
  return layout({ title: name, content, live: 'product' })
}

function attributes(value: JsonValue): Html[] {
  if (!isJsonObject(value)) return []
  return Object.entries(value)
    .slice(0, MAX_ATTRIBUTES)
    .map(
      ([name, member]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${show(member)}</dd>
        </div> `,
    )
}

function show(value: JsonValue): Html {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} …` : text
  return typeof value === 'object' && value !== null && !isExactNumber(value)
    ? html`<pre>${shown}</pre>`
    : html`${shown}`
}
