import { Type, type Static } from 'typebox'
import type { JsonNumber } from '../json-value.ts'
import { NullableText } from './nullable.ts'

const summary = {
  id: Type.Integer(),
  name: Type.String(),
  price: Type.Unsafe<JsonNumber>(Type.Number({ description: 'With every digit that was sent' })),
  manufacturer: NullableText,
}

/** GET /products answers an array of these. */
export const ProductSummarySchema = Type.Object(summary)

export type ProductSummary = Static<typeof ProductSummarySchema>

/** A product in a page of them. */
export const ListedProductSchema = Type.Object({ ...summary, updatedAt: Type.String() })

export type ListedProduct = Static<typeof ListedProductSchema>

/** GET /api/v1/products/:id */
export const ProductEntrySchema = Type.Object({
  ...summary,
  attributes: Type.Unknown({ description: 'The other members, as they were sent' }),
  version: Type.Integer(),
  updatedAt: Type.String(),
})

export type ProductEntry = Static<typeof ProductEntrySchema>
