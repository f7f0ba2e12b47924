import { Type, type Static } from 'typebox'
import { CHANNELS, MAX_WEBHOOK_URL_BYTES, type ChannelName } from './channels.ts'
import { Exact } from './exact.ts'
import { PHONE_EXPECTED } from './phone.ts'

/** Why a phone is on the suppression list, in bytes of UTF-8. */
export const MAX_SUPPRESSION_REASON_BYTES = 200

/** POST /api/v1/suppressions, and a line of a list that is imported */
export const SuppressionInputSchema = Exact(
  {
    channel: Type.Optional(
      Type.Unsafe<ChannelName>({
        type: 'string',
        enum: [...CHANNELS],
        description:
          'Of the address; default: gateway, whose addresses are phones and count for every channel',
      }),
    ),
    phone: Type.Optional(
      Type.String({ maxLength: 64, description: `Of the channel gateway: ${PHONE_EXPECTED}` }),
    ),
    address: Type.Optional(
      Type.String({ maxLength: MAX_WEBHOOK_URL_BYTES, description: 'Of other channels' }),
    ),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxBytes: MAX_SUPPRESSION_REASON_BYTES,
        description: 'In your words; default: opted_out',
      }),
    ),
    optedOutAt: Type.Optional(
      Type.String({ timestamp: true, maxLength: 40, description: 'When the person opted out; default: now' }),
    ),
  },
  'A phone or address that is to get no messages',
)

export type SuppressionInput = Static<typeof SuppressionInputSchema>
