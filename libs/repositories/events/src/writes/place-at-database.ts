import type { Schema } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'
import { type IdentifiedProduct, type PlacedProduct, placeProduct } from './reduce-products.ts'

/**
 * Gives every event its position. Those of a broker that numbers nothing get one of the database, in their order: by its clock,
 * and never before one that is known. The lock on the row makes such transactions take turns, so that they commit in the order
 * of their positions.
 */
export async function placeAtDatabase(
  trx: Transaction<Schema>,
  products: readonly IdentifiedProduct[],
): Promise<readonly PlacedProduct[]> {
  const isPlaced = ({ row }: IdentifiedProduct) => row.position !== undefined
  if (products.every(isPlaced)) return products.map((product) => placeProduct(product)!)
  const { rows } = await sql<{ through_ms: number }>`
    update product_position set through_ms = greatest(
      (select max(through_ms) from product_position) + 1, floor(extract(epoch from clock_timestamp()) * 1000)::bigint)
    where stream = ''
    returning through_ms::float8 as through_ms`.execute(trx)
  const timeMs = rows[0]!.through_ms
  return products.map((product, tie) => {
    const { row } = product
    return placeProduct(
      isPlaced(product) ? product : { ...product, row: { ...row, position: { timeMs, tie, index: 0 } } },
    )!
  })
}
