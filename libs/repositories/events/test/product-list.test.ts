import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  listProducts,
  PRODUCT_SORTS,
  type ProductListOptions,
  type ProductPosition,
} from '../src/reads/list-products.ts'
import { storeProducts } from '../src/writes/store-products.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { aProduct } from './rows.ts'

describe.each(ENGINES)('a list of products from %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
    const rows = [
      aProduct({ productId: 1, name: 'pencil', price: 0.1, manufacturer: 'Bic' }),
      aProduct({ productId: 2, name: 'Pen', price: 9.99, manufacturer: 'LAMY' }),
      aProduct({ productId: 3, name: 'Eraser', price: 0.1, manufacturer: null }),
      aProduct({ productId: 4, name: 'pen', price: 1e6, manufacturer: 'lamy' }),
      aProduct({ productId: 5, name: 'ink 100%', price: -1, manufacturer: 'Lamy & Sons' }),
      aProduct({ productId: 6, name: 'Ärmel', price: 12345.678901234567, manufacturer: 'bic' }),
      aProduct({ productId: 7, name: 'gone', price: 5, manufacturer: 'bic' }),
    ]
    // One after the other, so that each has a time of its own.
    for (const row of rows) await storeProducts(database, [row], [])
    await storeProducts(database, [aProduct({ productId: 7, op: 'delete' })], [])
  })
  afterAll(() => database.drop())

  const ids = async (options: Partial<ProductListOptions>) =>
    (await listProducts(database, { limits: { items: 50, bytes: 1e6 }, ...options })).value.items.map(
      ({ id }) => id,
    )

  it.each([
    ['id', [1, 2, 3, 4, 5, 6]],
    ['price', [5, 1, 3, 2, 6, 4]],
    ['updated', [1, 2, 3, 4, 5, 6]],
  ] as const)('is sorted by %s, either way', async (sort, expected) => {
    expect(await ids({ sort })).toEqual(expected)
    expect(await ids({ sort, descending: true })).toEqual(expected.toReversed())
  })

  it('is sorted by names whatever their case', async () => {
    const found = await ids({ sort: 'name' })
    expect(found.filter((id) => id < 6)).toEqual([3, 5, 2, 4, 1])
  })

  it.each(PRODUCT_SORTS.flatMap((sort) => [[sort, false] as const, [sort, true] as const]))(
    'by %s, descending: %s, comes in pages that hold every product once',
    async (sort, descending) => {
      const pages: number[] = []
      const two = { items: 2, bytes: 1e6 }
      let after: ProductPosition | undefined
      for (let i = 0; i < 10; i++) {
        const { value } = await listProducts(database, { limits: two, sort, descending, after })
        pages.push(...value.items.map(({ id }) => id))
        after = value.items.at(-1)
        if (!value.more) break
      }
      expect(pages).toEqual(await ids({ sort, descending }))
    },
  )

  it('is filtered by the whole manufacturer, whatever its case', async () => {
    expect(await ids({ manufacturer: 'Lamy' })).toEqual([2, 4])
    expect(await ids({ manufacturer: 'Lam%' })).toEqual([])
  })

  it('is filtered by price, both ends included, and exactly', async () => {
    expect(await ids({ minPrice: '0.1', maxPrice: '9.99' })).toEqual([1, 2, 3])
    expect(await ids({ minPrice: '12345.678901234567', maxPrice: '12345.678901234567' })).toEqual([6])
    expect(await ids({ minPrice: '12345.67890123456700000000001' })).toEqual([4])
    expect(await ids({ maxPrice: '-1e-7' })).toEqual([5])
    expect(await ids({ minPrice: '1e400' })).toEqual([])
  })

  it('combines its filters, in any order', async () => {
    expect(await ids({ words: ['PEN'], manufacturer: 'lamy', maxPrice: '10', sort: 'price' })).toEqual([2])
    expect(await ids({ words: ['100%'] })).toEqual([5])
  })

  it('includes when each was updated', async () => {
    const { value } = await listProducts(database, { limits: { items: 1, bytes: 1 } })
    expect(Math.abs(value.items[0]!.updatedAtMs - Date.now())).toBeLessThan(60_000)
  })

  it('is refused where it would look at too many rows, and rows are what bounds it', async () => {
    const bounded = { ...database, maxScanRows: 3 }
    const limits = { items: 2, bytes: 1e6 }
    for (const options of [{ words: ['x'] }, { sort: 'price' as const }, { minPrice: '1' }])
      await expect(listProducts(bounded, { limits, ...options })).rejects.toMatchObject({
        code: 'query_too_slow',
      })
    expect((await listProducts(bounded, { limits })).value.items).toHaveLength(2)
  })
})
