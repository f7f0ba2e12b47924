import { Type, type Static } from 'typebox'

/** GET /api/v1/addresses */
export const AddressesSchema = Type.Object({
  ingest: Type.String({ description: 'Origin of ingest-api, e.g. http://localhost:8080' }),
})

export type Addresses = Static<typeof AddressesSchema>
