import { Type, type Static, type TSchema } from 'typebox'
import { MAX_INDEXED_TEXT_BYTES } from '../events/limits.ts'
import { CHANNELS, type ChannelName } from './channels.ts'
import { OPERATOR_CODE } from './client.ts'
import { Exact } from './exact.ts'
import {
  MAX_FILTER_ITEMS,
  MAX_FILTER_MAILINGS,
  MAX_MAILING_NAME_BYTES,
  MAX_RATE_PER_SECOND,
  MAX_SUBJECT_BYTES,
  MAX_TEMPLATE_BYTES,
  MAX_TEST_RECIPIENTS,
} from './limits.ts'
import { PHONE_EXPECTED } from './phone.ts'
import { TIME_OF_DAY } from './window.ts'

const Time = (description: string) =>
  Type.String({
    timestamp: true,
    zoned: true,
    maxLength: 40,
    description: `${description}: RFC 3339, with Z or an offset`,
  })

const Nullable = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description })

const TimeOfDay = Type.String({ pattern: TIME_OF_DAY.source, description: 'HH:MM' })

const Name = Type.String({ maxBytes: MAX_MAILING_NAME_BYTES, description: 'For people' })

const Text = Type.String({
  minLength: 1,
  maxBytes: MAX_TEMPLATE_BYTES,
  description:
    'Liquid template; variables: phone, operatorCode, tag, timeZone, attributes.<name>, and of e-mails unsubscribeUrl. Unknown ones are empty',
})

const Subject = Nullable(
  Type.String({ minLength: 1, maxBytes: MAX_SUBJECT_BYTES }),
  'Of the channel `email`, and of no other: a Liquid template of the subject, with the variables of the text',
)

const Channel = Type.Unsafe<ChannelName>({
  type: 'string',
  enum: [...CHANNELS],
  description:
    'How it reaches its clients: their phones through the gateway, their e-mail addresses, or their webhooks. Clients without an address of it are left out',
})

const MailingIds = (description: string) =>
  Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
    maxItems: MAX_FILTER_MAILINGS,
    description,
  })

const filterMembers = {
  operatorCodes: Type.Array(Type.String({ pattern: OPERATOR_CODE.source }), {
    maxItems: MAX_FILTER_ITEMS,
    description: 'Empty: clients of every operator',
  }),
  tags: Type.Array(Type.String({ maxBytes: MAX_INDEXED_TEXT_BYTES }), {
    maxItems: MAX_FILTER_ITEMS,
    description: 'Empty: clients with every tag, or none',
  }),
  received: MailingIds(
    'To whom a message of one of these mailings was sent; looked at when messages are created',
  ),
  notReceived: MailingIds(
    'To whom none of these mailings was sent, nor may have been (unknown); looked at when messages are created',
  ),
}

const Filter = Exact(
  {
    operatorCodes: Type.Optional(filterMembers.operatorCodes),
    tags: Type.Optional(filterMembers.tags),
    received: Type.Optional(filterMembers.received),
    notReceived: Type.Optional(filterMembers.notReceived),
  },
  'Which clients it is for; empty or left out: all of them',
)

const FilterPatch = Nullable(
  Exact(
    {
      operatorCodes: Type.Optional(Nullable(filterMembers.operatorCodes)),
      tags: Type.Optional(Nullable(filterMembers.tags)),
      received: Type.Optional(Nullable(filterMembers.received)),
      notReceived: Type.Optional(Nullable(filterMembers.notReceived)),
    },
    'Members that are left out stay as they are; null or an empty list removes the condition',
  ),
  'Which clients it is for; null: all of them',
)

const WINDOW = 'Local times of the client between which it may be sent; null: all day'

const CROSSES = 'Crosses midnight where `to` is before `from`'

const Window = Nullable(Exact({ from: TimeOfDay, to: TimeOfDay }, CROSSES), WINDOW)

const WindowPatch = Nullable(
  Exact(
    { from: Type.Optional(TimeOfDay), to: Type.Optional(TimeOfDay) },
    `${CROSSES}. Members that are left out stay as they are`,
  ),
  WINDOW,
)

const Rate = Type.Union([Type.Integer({ minimum: 1, maximum: MAX_RATE_PER_SECOND }), Type.Null()], {
  description: 'Messages a second, all replicas together; null: no limit of its own',
})

/** POST /api/v1/mailings */
export const MailingInputSchema = Exact(
  {
    name: Type.Optional(Name),
    start: Type.Optional(Time('When sending starts; default: now')),
    end: Time('Nothing is sent from here on'),
    channel: Type.Optional(Channel),
    subject: Type.Optional(Subject),
    text: Text,
    filter: Type.Optional(Filter),
    window: Type.Optional(Window),
    ratePerSecond: Type.Optional(Rate),
    draft: Type.Optional(Type.Boolean({ description: 'true: it does not start before it is scheduled' })),
  },
  'A mailing',
)

export type MailingInput = Static<typeof MailingInputSchema>

/** PATCH /api/v1/mailings/:id */
export const MailingEditSchema = Exact(
  {
    name: Type.Optional(Name),
    start: Type.Optional(Time('When sending starts')),
    end: Type.Optional(Time('Nothing is sent from here on')),
    channel: Type.Optional(Channel),
    subject: Type.Optional(Subject),
    text: Type.Optional(Text),
    filter: Type.Optional(FilterPatch),
    window: Type.Optional(WindowPatch),
    ratePerSecond: Type.Optional(Rate),
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: 'The version that was read: 409 where it is another by now' }),
    ),
  },
  'A merge patch (RFC 7396): what is left out stays as it is, at every depth',
)

export type MailingEdit = Static<typeof MailingEditSchema>

/** POST /api/v1/mailings/:id/test-sends */
export const TestSendSchema = Exact(
  {
    clientIds: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
        maxItems: MAX_TEST_RECIPIENTS,
        description: 'Clients by their ids',
      }),
    ),
    phones: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        maxItems: MAX_TEST_RECIPIENTS,
        description: `Clients by their phones: ${PHONE_EXPECTED}`,
      }),
    ),
  },
  'Who gets the text of a mailing, as it is now, before all others',
)

export type TestSend = Static<typeof TestSendSchema>

/** POST /api/v1/mailings/preview */
export const MailingPreviewSchema = Exact(
  {
    channel: Type.Optional(Channel),
    subject: Type.Optional(Subject),
    text: Text,
    filter: Type.Optional(Filter),
    start: Type.Optional(Time('When sending starts; default: now')),
    end: Type.Optional(Time('Nothing is sent from here on; without it, times are not looked at')),
    window: Type.Optional(Window),
  },
  'A mailing to be',
)

export type MailingPreview = Static<typeof MailingPreviewSchema>
