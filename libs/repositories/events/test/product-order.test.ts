import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import fc from 'fast-check'
import type { ProductRow } from '../src/writes/event-rows.ts'
import { storeProducts } from '../src/writes/store-products.ts'
import { aProduct } from './rows.ts'

type Event = Pick<ProductRow, 'op' | 'version'>

/** Events in the order in which the broker took them: few versions, so that they meet. */
const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.record({
    op: fc.constantFrom('upsert' as const, 'upsert' as const, 'delete' as const),
    version: fc.option(fc.integer({ min: 1, max: 4 })),
  }),
  { minLength: 1, maxLength: 8 },
)

/** Batches of places in that order, some of them more than once; every event comes at least once. */
const deliveries = events.chain((taken) =>
  fc
    .tuple(
      fc.shuffledSubarray(
        taken.flatMap((_, place) => [place, place]),
        { minLength: taken.length },
      ),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 16, maxLength: 16 }),
    )
    .map(([places, sizes]) => {
      const missing = taken.map((_, place) => place).filter((place) => !places.includes(place))
      const all = [...places, ...missing]
      return { taken, batches: sizes.map((size) => all.splice(0, size)).filter((batch) => batch.length > 0) }
    }),
)

/** The rule, one after the other: a version may not fall, and what has none always counts. @returns the place of what shows */
function fold(taken: readonly Event[], arrived: ReadonlySet<number>): number {
  let shown = -1
  let version = -Infinity
  taken.forEach((event, place) => {
    if (!arrived.has(place) || (event.version !== null && event.version < version)) return
    version = event.version ?? version
    shown = place
  })
  return shown
}

describe.each(ENGINES)('the order of products on %s', (engine) => {
  let database: OpenTestDatabase
  let nextProduct = 100_000

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
  })
  afterAll(() => database.drop())

  const store = (...rows: ProductRow[]) => storeProducts(database, rows, [])
  const find = (id: number) =>
    database.kysely.selectFrom('product').selectAll().where('id', '=', id).executeTakeFirst()

  const findByName = (name: string) =>
    database.kysely.selectFrom('product').selectAll().where('name', '=', name).executeTakeFirst()

  it.each(['an id', 'a name'])(
    'is the same in every order of arrival, and every answer is true, for products with %s',
    async (identity) => {
      await fc.assert(
        fc.asyncProperty(deliveries, async ({ taken, batches }) => {
          const id = nextProduct++
          const byName = identity === 'a name'
          const rows = taken.map((event, price) =>
            aProduct({
              ...event,
              // Only an id can be deleted.
              op: byName ? 'upsert' : event.op,
              productId: byName ? null : id,
              name: `product ${id}`,
              price,
              attributes: { price },
            }),
          )
          const arrived = new Set<number>()
          for (const batch of batches) {
            const { superseded } = await store(...batch.map((place) => rows[place]!))
            for (const place of batch) arrived.add(place)
            const shown = rows[fold(taken, arrived)]!
            const product = byName ? await findByName(`product ${id}`) : await find(id)
            expect(product).toMatchObject({
              event_id: shown.id,
              price: shown.price,
              attributes: shown.attributes,
              deleted_at: shown.op === 'delete' ? expect.any(Date) : null,
            })
            const hidden = batch.map((place) => rows[place]!.id).filter((one) => one !== shown.id)
            expect(new Set(superseded)).toEqual(new Set(hidden))
          }
        }),
        { numRuns: 60 },
      )
    },
  )

  it('revives a product that was deleted without a version by the next greater version', async () => {
    const rows = [
      aProduct({ productId: 801, version: 1 }),
      aProduct({ productId: 801, op: 'delete' }),
      aProduct({ productId: 801, version: 2, price: 2 }),
    ]
    for (const row of rows) expect((await store(row)).superseded).toEqual([])
    expect(await find(801)).toMatchObject({ price: 2, version: 2, deleted_at: null })
  })

  it('lets a deletion with a version stand against every lower version', async () => {
    await store(aProduct({ productId: 802, version: 5 }))
    await store(aProduct({ productId: 802, op: 'delete', version: 7 }))
    const late = aProduct({ productId: 802, version: 6 })
    expect((await store(late)).superseded).toEqual([late.id])
    expect((await find(802))?.deleted_at).toBeInstanceOf(Date)
    await store(aProduct({ productId: 802, version: 8 }))
    expect((await find(802))?.deleted_at).toBeNull()
  })

  it('goes by the position, whatever the time inside the ids is', async () => {
    const [first, second] = [aProduct({ productId: 803, price: 1 }), aProduct({ productId: 803, price: 2 })]
    await store({ ...first, position: second.position }, { ...second, position: first.position })
    expect(await find(803)).toMatchObject({ price: 1, version: second.position!.timeMs })
  })

  it('counts an event that was published again at its first position', async () => {
    const [first, second] = [aProduct({ productId: 804, price: 1 }), aProduct({ productId: 804, price: 2 })]
    const again = { ...first, position: aProduct().position }
    await store(first, second, again)
    await store(again)
    expect(await find(804)).toMatchObject({ price: 2 })
  })

  it('lets events without a position count in the order of their commits', async () => {
    const rows = [0, 1, 2].map((price) => aProduct({ productId: 805, price, position: undefined }))
    await store(rows[2]!, rows[1]!)
    expect(await find(805)).toMatchObject({ price: 1 })
    await store(rows[0]!)
    expect(await find(805)).toMatchObject({ price: 0 })
  })

  it('stands beside a consumer of before: times compare, and versions of clients count', async () => {
    const old = aProduct({ productId: 806, price: 1 })
    await store(old, aProduct({ productId: 807, version: 5 }))
    const asBefore = { event_id: null, client_version: null, client_version_event: null }
    await database.kysely
      .updateTable('product')
      .set({ ...asBefore, version_event: old.id, version: old.position!.timeMs })
      .where('id', '=', 806)
      .execute()
    await database.kysely.updateTable('product').set(asBefore).where('id', '=', 807).execute()
    expect((await store(old)).superseded).toEqual([])
    await store(aProduct({ productId: 806, price: 2 }), aProduct({ productId: 807, version: 4, price: 4 }))
    expect(await find(806)).toMatchObject({ price: 2 })
    expect(await find(807)).toMatchObject({ price: 10, version: 5 })
    await store(aProduct({ productId: 807, version: 6, price: 6 }))
    expect(await find(807)).toMatchObject({ price: 6 })
  })
})
