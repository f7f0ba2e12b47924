import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FIRST_GENERATED_PRODUCT_ID } from '@runnel/contracts'
import { storeProducts } from '../src/writes/store-products.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { aProduct, idAt } from './rows.ts'

describe.each(ENGINES)('storing products on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
  })
  afterAll(() => database.drop())

  const find = (id: number) =>
    database.kysely.selectFrom('product').selectAll().where('id', '=', id).executeTakeFirst()
  const store = (...rows: ReturnType<typeof aProduct>[]) => storeProducts(database, rows, [])

  it('replaces a product as a whole and keeps every event', async () => {
    await store(aProduct({ productId: 10, price: 0.1, attributes: { colour: 'red' } }))
    await store(aProduct({ productId: 10, price: 19.99, manufacturer: null, attributes: { size: 3 } }))
    expect(await find(10)).toMatchObject({ price: 19.99, manufacturer: null, attributes: { size: 3 } })
    const events = await database.kysely
      .selectFrom('product_event')
      .where('product_id', '=', 10)
      .selectAll()
      .execute()
    expect(events).toHaveLength(2)
  })

  it('never lets an older event overwrite a newer one, in whatever order they come', async () => {
    const older = aProduct({ productId: 11, price: 1 })
    const newer = aProduct({ productId: 11, price: 2 })
    await store(newer)
    await store(older)
    expect(await find(11)).toMatchObject({ price: 2, event_id: newer.id })
    await store(aProduct({ productId: 12, price: 2 }), {
      ...older,
      id: idAt(Date.now() - 1000),
      productId: 12,
    })
    expect(await find(12)).toMatchObject({ price: 2 })
  })

  it('lets the version of the client decide', async () => {
    await store(aProduct({ productId: 13, version: 7, price: 7 }))
    await store(aProduct({ productId: 13, version: 6, price: 6 }))
    expect(await find(13)).toMatchObject({ price: 7, version: 7 })
    await store(aProduct({ productId: 13, version: 8, price: 8 }))
    expect(await find(13)).toMatchObject({ price: 8 })
  })

  it('recognises a product without an id by manufacturer and name, and generates ids from 2^40', async () => {
    const first = await store(aProduct({ productId: null, name: 'mug', manufacturer: 'acme', price: 1 }))
    const second = await store(aProduct({ productId: null, name: 'mug', manufacturer: 'acme', price: 2 }))
    const other = await store(aProduct({ productId: null, name: 'mug', manufacturer: null }))
    expect(second.productIds).toEqual(first.productIds)
    expect(first.productIds[0]).toBeGreaterThanOrEqual(FIRST_GENERATED_PRODUCT_ID)
    expect(other.productIds).not.toEqual(first.productIds)
    expect(await find(first.productIds[0]!)).toMatchObject({ price: 2 })
  })

  it('keeps a product with an id apart from one without, even with the same name', async () => {
    await store(aProduct({ productId: 14, name: 'twin', manufacturer: 'acme' }))
    const { productIds } = await store(aProduct({ productId: null, name: 'twin', manufacturer: 'acme' }))
    expect(productIds).not.toContain(14)
  })

  it('leaves a tombstone that an older upsert does not revive and a newer one does', async () => {
    const before = aProduct({ productId: 15 })
    await store(aProduct({ productId: 15, op: 'delete', name: '', price: 0 }))
    await store(before)
    expect((await find(15))?.deleted_at).toBeInstanceOf(Date)
    await store(aProduct({ productId: 15 }))
    expect((await find(15))?.deleted_at).toBeNull()
  })

  it('deletes a product with a generated id, and makes no tombstone where there is no such product', async () => {
    const { productIds } = await store(aProduct({ productId: null, name: 'gone' }))
    await store(aProduct({ productId: productIds[0]!, op: 'delete', name: '', price: 0 }))
    expect((await find(productIds[0]!))?.deleted_at).toBeInstanceOf(Date)
    const missing = FIRST_GENERATED_PRODUCT_ID + 1_000_000
    await store(aProduct({ productId: missing, op: 'delete', name: '', price: 0 }))
    expect(await find(missing)).toBeUndefined()
  })

  it('says which events do not show in their product', async () => {
    const [older, newer, mine] = [
      aProduct({ productId: 17 }),
      aProduct({ productId: 17 }),
      aProduct({ productId: 18 }),
    ]
    expect((await store(newer, mine)).superseded).toEqual([])
    expect((await store(older)).superseded).toEqual([older.id])
    const [before, after] = [aProduct({ productId: 18 }), aProduct({ productId: 18 })]
    expect((await store(after, before)).superseded).toEqual([before.id])
    const missing = aProduct({ productId: FIRST_GENERATED_PRODUCT_ID + 2_000_000, op: 'delete' })
    expect((await store(missing)).superseded).toEqual([])
  })

  it('names the products of events that name none', async () => {
    const rows = [aProduct({ productId: null, name: 'cup' }), aProduct({ productId: 19 })]
    const { generatedIds } = await store(...rows)
    expect([...generatedIds!.keys()]).toEqual([rows[0]!.id])
    expect(await find(generatedIds!.get(rows[0]!.id)!)).toMatchObject({ name: 'cup' })
  })

  it('lets only an event that is new to the table change its product', async () => {
    const row = aProduct({ productId: 20, price: 1 })
    await store(row)
    await store({ ...row, price: 2, version: 9e12 }, aProduct({ productId: 21 }))
    expect(await find(20)).toMatchObject({ price: 1 })
    expect(await find(21)).toBeDefined()
  })

  it('announces the products of redelivered events too, with the time after the commit', async () => {
    const row = aProduct({ productId: 16 })
    await store(row)
    const again = await store(row)
    expect(again).toMatchObject({ stored: 0, repeated: 1, productIds: [16] })
    expect(Math.abs(again.version - Date.now())).toBeLessThan(60_000)
  })

  it('lets batches about the same products race without deadlock; the newest wins everywhere', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => 1000 + i)
    const batches = Array.from({ length: 6 }, (_, price) => {
      const rows = ids.flatMap((productId) => [
        aProduct({ productId, price }),
        aProduct({ productId: null, name: `race ${productId}`, price }),
      ])
      return price % 2 === 0 ? rows : rows.reverse()
    })
    await Promise.all(batches.map((rows) => store(...rows)))
    const prices = await database.kysely
      .selectFrom('product')
      .select('price')
      .where((eb) => eb.or([eb('id', 'in', ids), eb('name', 'like', 'race %')]))
      .execute()
    expect(prices).toHaveLength(100)
    expect(new Set(prices.map(({ price }) => price))).toEqual(new Set([5]))
  })
})
