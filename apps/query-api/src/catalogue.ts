import { toEntry, type Cache, type CacheKeys, type Entry, type Loaded } from '@runnel/cache'
import type { ListedProduct, ProductListOptions } from '@runnel/repositories-events'
import type { Answer } from './send-entry.ts'
import { encodeProduct } from './encode-product.ts'
import type { Store } from './store.ts'

/** A page of products as it was read. */
interface ProductPage {
  readonly items: readonly ListedProduct[]
  /** The last one, where more follow. */
  readonly last: ListedProduct | undefined
}

/** How a page becomes bytes, and the text that is kept with them. */
export type Render = (page: ProductPage) => { readonly body: string; readonly meta?: string }

/** Products, read through the cache. */
export interface Catalogue {
  /** The product as JSON if this process has it fresh: the hot path. */
  peekProduct(id: number): Entry | undefined
  /** The body is null where there is no such product. @throws AppError where Postgres does not answer */
  product(id: number): Promise<Answer>
  /**
   * A rendered page of products. Only default pages have a `view`; they are cached under it.
   *
   * @throws AppError where Postgres does not answer
   */
  page(options: ProductListOptions, render: Render, view?: string): Promise<Answer>
}

export function createCatalogue(store: Store, cache: Cache, keys: CacheKeys): Catalogue {
  const loadProduct = async (id: number): Promise<Loaded> => {
    const { value, asOfMs } = await store.findProduct(id)
    return { body: value ? encodeProduct(value) : null, version: asOfMs }
  }
  const loadPage = async (options: ProductListOptions, render: Render): Promise<Loaded> => {
    const read = needsScan(options) ? store.searchProducts : store.listProducts
    const { value, asOfMs } = await read(options)
    const { items, more } = value
    const { body, meta = '' } = render({ items, last: more ? items.at(-1) : undefined })
    return { body: Buffer.from(body), version: asOfMs, meta }
  }
  return {
    peekProduct: (id) => cache.peek(keys.product(id)),
    product: (id) => cache.get(keys.product(id), () => loadProduct(id)),
    async page(options, render, view) {
      if (view === undefined) return { entry: toEntry(await loadPage(options, render)), status: 'bypass' }
      return cache.get(keys.productList(view), () => loadPage(options, render))
    },
  }
}

/** Whether a page may have to look at every product: that must not keep a product waiting. */
function needsScan({
  words = [],
  manufacturer,
  minPrice,
  maxPrice,
  sort = 'id',
}: ProductListOptions): boolean {
  return (
    words.length > 0 ||
    sort !== 'id' ||
    [manufacturer, minPrice, maxPrice].some((value) => value !== undefined)
  )
}
