/** Where one cached thing lives. Every name that Runnel uses in Redis is made in this file. */
export interface CacheKey {
  /** Key of the entry, in both layers. */
  readonly entry: string
  /** Key of the fence that a change raises; several entries may share one. */
  readonly fence: string
  /**
   * `one`: the entry changes with its fence, and is dropped. `many`: a list; it is superseded whenever any of its
   * items changes, but stays useful while Postgres is unreachable.
   */
  readonly scope: 'one' | 'many'
}

/** What a change touches: the fence to raise, and the entry to drop where there is exactly one. */
export type Change = Pick<CacheKey, 'fence'> & { readonly entry?: string }

export interface CacheKeys {
  product(id: number): CacheKey
  /** @param view which list, with everything that shapes its bytes */
  productList(view: string): CacheKey
  /** Everything that a change of these products touches. */
  productChange(ids: readonly number[]): Change[]
  /** The lists alone. */
  readonly productLists: Change
  message(id: number): CacheKey
  mailingStatistics(mailingId: number): CacheKey
  /** @param view which page of all mailings' statistics, with everything that shapes its bytes */
  mailingOverview(view: string): CacheKey
  /** A bucket of tokens. @param name what is limited */
  rate(name: string): string
}

/** Raised whenever the bytes of an entry mean something else: two versions of an app may share a Redis for a while. */
const FORMAT = 'v2'

/**
 * The braces are hash tags: a Redis Cluster keeps an entry and its fence in one slot, where a script may use both.
 *
 * @param prefix SUBJECT_PREFIX of the installation
 */
export function createCacheKeys(prefix: string): CacheKeys {
  const root = prefix === '' ? `runnel:${FORMAT}` : `${prefix}:runnel:${FORMAT}`
  const productLists: Change = { fence: `${root}:{products}:fence` }
  const one = (name: string): CacheKey => {
    const tag = `${root}:{${name}}`
    return { entry: `${tag}:entry`, fence: `${tag}:fence`, scope: 'one' }
  }
  const product = (id: number) => one(`product:${id}`)
  return {
    product,
    productList: (view) => ({
      entry: `${root}:{products}:list:${view}`,
      fence: productLists.fence,
      scope: 'many',
    }),
    productChange: (ids) => ids.map(product),
    productLists,
    message: (id) => one(`message:${id}`),
    mailingStatistics: (mailingId) => one(`mailing-statistics:${mailingId}`),
    mailingOverview: (view) => one(`mailing-overview:${view}`),
    rate: (name) => `${root}:{rate:${name}}`,
  }
}
