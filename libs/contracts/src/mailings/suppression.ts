import { Type, type Static } from 'typebox'
import { Exact } from './exact.ts'
import { PHONE_EXPECTED } from './phone.ts'

/** Why a phone is on the suppression list, in bytes of UTF-8. */
const MAX_REASON_BYTES = 200

/** POST /api/v1/suppressions, and a line of a list that is imported */
export const SuppressionInputSchema = Exact(
  {
    phone: Type.String({ maxLength: 64, description: PHONE_EXPECTED }),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxBytes: MAX_REASON_BYTES,
        description: 'In your words; default: opted_out',
      }),
    ),
    optedOutAt: Type.Optional(
      Type.String({ timestamp: true, maxLength: 40, description: 'When the person opted out; default: now' }),
    ),
  },
  'A phone that is to get no messages',
)

export type SuppressionInput = Static<typeof SuppressionInputSchema>
