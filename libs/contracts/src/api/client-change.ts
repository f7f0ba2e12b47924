import { Type, type Static } from 'typebox'
import { MAX_INDEXED_TEXT_BYTES } from '../events/limits.ts'
import { ADDRESS_CHANNELS, type AddressChannel } from '../mailings/channels.ts'
import { Exact } from '../mailings/exact.ts'
import { PHONE_EXPECTED } from '../mailings/phone.ts'
import { MAX_SUPPRESSION_REASON_BYTES } from '../mailings/suppression.ts'
import { Nullable } from './nullable.ts'

/** Phones that one request names. */
const MAX_CHANGE_PHONES = 10_000

const Text = (description: string) => Type.Optional(Type.String({ maxLength: 512, description }))

/** As GET /api/v1/clients takes it. */
const FilterSchema = Exact(
  {
    q: Text('Part of the phone, the tag, the e-mail address or the value of an attribute'),
    phone: Text(PHONE_EXPECTED),
    email: Text('E-mail address'),
    operatorCode: Text('Operator code'),
    tag: Text('Tag; empty: clients without a tag'),
    timeZone: Text('IANA time zone'),
    optedOut: Type.Optional(Type.Boolean({ description: 'Whether they have opted out' })),
    channel: Type.Optional(
      Type.Unsafe<AddressChannel>({
        type: 'string',
        enum: [...ADDRESS_CHANNELS],
        description: 'Clients that have an address of it',
      }),
    ),
  },
  'The filters of the list of clients; without any: all clients',
)

const selection = {
  filter: Type.Optional(FilterSchema),
  phones: Type.Optional(
    Type.Array(Type.String({ maxLength: 64, description: PHONE_EXPECTED }), {
      minItems: 1,
      maxItems: MAX_CHANGE_PHONES,
      description: 'Clients by their phones, in place of a filter',
    }),
  ),
  change: Exact(
    {
      tag: Type.Optional(
        Type.String({ maxBytes: MAX_INDEXED_TEXT_BYTES, description: 'Their new tag; empty: none' }),
      ),
      optedOut: Type.Optional(Type.Literal(true, { description: 'Their phones go on the suppression list' })),
      reason: Type.Optional(
        Type.String({
          minLength: 1,
          maxBytes: MAX_SUPPRESSION_REASON_BYTES,
          description: 'Why they opt out, in your words; default: opted_out',
        }),
      ),
    },
    'What becomes of each of them',
  ),
}

/** POST /api/v1/clients/changes/preview */
export const ClientChangePreviewSchema = Exact(selection, 'Clients, and what would become of them')

export type ClientChangePreview = Static<typeof ClientChangePreviewSchema>

/** What a preview found. */
export const ClientChangeCountSchema = Type.Object({
  count: Type.Integer({ description: 'Clients that match' }),
  toChange: Type.Integer({ description: 'Of them, those that are not so yet' }),
  throughId: Type.Integer({ description: 'The newest of all clients; those that come later are left alone' }),
})

export type ClientChangeCount = Static<typeof ClientChangeCountSchema>

/** POST /api/v1/clients/changes */
export const ClientChangesSchema = Exact(
  {
    ...selection,
    toChange: Type.Integer({
      minimum: 0,
      description: 'As the preview said: 409 where it is another by now',
    }),
    throughId: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'As the preview said',
    }),
    cursor: Type.Optional(
      Type.String({
        maxLength: 512,
        description: 'Where the request before ended; then nothing is compared',
      }),
    ),
  },
  'Clients, and what becomes of them',
)

export type ClientChanges = Static<typeof ClientChangesSchema>

/** What one of several requests has done. */
export const ChangedClientsSchema = Type.Object({
  changed: Type.Integer({ description: 'Clients that were changed by this request' }),
  nextCursor: Nullable(
    Type.String({ description: 'Where it is not null there are more: call again with it as the cursor' }),
  ),
})

export type ChangedClients = Static<typeof ChangedClientsSchema>
