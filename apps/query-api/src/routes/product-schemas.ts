import { Type } from 'typebox'
import { Nullable } from '../params/schemas.ts'

const summary = {
  id: Type.Integer(),
  name: Type.String(),
  price: Type.Number(),
  manufacturer: Nullable(Type.String()),
}

export const ProductSummarySchema = Type.Object(summary)

/** As lists give it. */
export const ListedProductSchema = Type.Object({ ...summary, updatedAt: Type.String() })

export const StoredProductSchema = Type.Object({
  ...summary,
  attributes: Type.Unknown({ description: 'The other members, as they were sent' }),
  version: Type.Integer(),
  updatedAt: Type.String(),
})
