import { Type, type Static } from 'typebox'
import { FIRST_GENERATED_PRODUCT_ID } from './limits.ts'
import { EventKey, IndexedText } from './primitives.ts'

const Version = Type.Integer({
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description:
    'The greatest one counts, whatever the order of arrival. A state without a version always counts, at its place. As a ' +
    'time (milliseconds, microseconds, YYYYMMDDhhmmss) it may be at most 24 hours ahead',
})

/** A product as it is sent: an upsert of the whole product. Unknown members are its attributes. */
export const ProductSchema = Type.Object(
  {
    id: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: FIRST_GENERATED_PRODUCT_ID - 1,
        description: 'Without it, or with 0, the product is recognised by manufacturer and name',
      }),
    ),
    name: Type.String({ minLength: 1, maxBytes: 512 }),
    price: Type.Number(),
    manufacturer: Type.Optional(Type.Union([IndexedText('Who makes it'), Type.Null()], { maxBytes: 512 })),
    version: Type.Optional(Type.Union([Version, Type.Null()])),
    eventId: Type.Optional(EventKey),
  },
  { $id: 'Product', examples: [{ id: 1, name: 'pen', price: 10, manufacturer: 'bic' }] },
)

/** What the broker carries for a deletion. */
export const ProductDeletionSchema = Type.Object(
  {
    id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    version: Type.Optional(Type.Union([Version, Type.Null()])),
  },
  { $id: 'ProductDeletion' },
)

export type Product = Static<typeof ProductSchema>
