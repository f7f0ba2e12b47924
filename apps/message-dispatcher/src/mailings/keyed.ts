import { MAX_KEY_BYTES } from '@runnel/contracts'
import { Type } from 'typebox'

/** Headers of a request that creates a mailing. */
export const Keyed = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxBytes: MAX_KEY_BYTES,
      description: 'A request with the same key creates no second mailing: it answers with the first one',
    }),
  ),
})
