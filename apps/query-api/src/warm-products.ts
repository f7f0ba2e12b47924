import type { Cache, CacheKeys } from '@runnel/cache'
import type { Logger } from '@runnel/observability'
import { encodeProduct } from './encode-product.ts'
import type { PageLimits } from '@runnel/repositories-database'
import type { Store } from './store.ts'

export interface WarmOptions {
  readonly log: Logger
  readonly store: Store
  readonly cache: Cache
  readonly keys: CacheKeys
  readonly limits: PageLimits
}

/** Puts the products that were updated last into the cache. Its failure is logged, and has no other effect. */
export async function warmProducts({ log, store, cache, keys, limits }: WarmOptions): Promise<void> {
  if (limits.items === 0) return
  const keep = cache.beginBulkLoad()
  try {
    const { value, asOfMs } = await store.listRecentProducts(limits)
    for (const product of value.items)
      keep(keys.product(product.id), { body: encodeProduct(product), version: asOfMs })
    log.info({ products: value.items.length }, 'the cache is warm')
  } catch (error) {
    log.warn({ err: error }, 'the cache could not be warmed')
  }
}
