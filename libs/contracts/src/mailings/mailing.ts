import { Type, type Static } from 'typebox'
import { MAX_INDEXED_TEXT_BYTES } from '../events/limits.ts'
import { OPERATOR_CODE } from './client.ts'
import { Exact } from './exact.ts'
import {
  MAX_FILTER_ITEMS,
  MAX_MAILING_NAME_BYTES,
  MAX_RATE_PER_SECOND,
  MAX_TEMPLATE_BYTES,
} from './limits.ts'
import { TIME_OF_DAY } from './window.ts'

const Time = (description: string) =>
  Type.String({ timestamp: true, maxLength: 40, description: `${description}: RFC 3339` })

const TimeOfDay = Type.String({ pattern: TIME_OF_DAY.source, description: 'HH:MM' })

const Name = Type.String({ maxBytes: MAX_MAILING_NAME_BYTES, description: 'For people' })

const Text = Type.String({
  minLength: 1,
  maxBytes: MAX_TEMPLATE_BYTES,
  description:
    'Liquid template; variables: phone, operatorCode, tag, timeZone, attributes.<name>. Unknown ones are empty',
})

const Filter = Exact(
  {
    operatorCodes: Type.Optional(
      Type.Array(Type.String({ pattern: OPERATOR_CODE.source }), {
        maxItems: MAX_FILTER_ITEMS,
        description: 'Empty: clients of every operator',
      }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String({ maxBytes: MAX_INDEXED_TEXT_BYTES }), {
        maxItems: MAX_FILTER_ITEMS,
        description: 'Empty: clients with every tag, or none',
      }),
    ),
  },
  'Which clients it is for; empty or left out: all of them',
)

const Window = Type.Union(
  [
    Exact({ from: TimeOfDay, to: TimeOfDay }, 'Crosses midnight where `to` is before `from`'),
    Type.Null({ description: 'All day' }),
  ],
  { description: 'Local times of the client between which it may be sent' },
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
    text: Type.Optional(Text),
    filter: Type.Optional(Filter),
    window: Type.Optional(Window),
    ratePerSecond: Type.Optional(Rate),
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: 'The version that was read: 409 where it is another by now' }),
    ),
  },
  'What is left out stays as it is',
)

export type MailingEdit = Static<typeof MailingEditSchema>

/** POST /api/v1/mailings/preview */
export const MailingPreviewSchema = Exact({ text: Text, filter: Type.Optional(Filter) }, 'A mailing to be')
