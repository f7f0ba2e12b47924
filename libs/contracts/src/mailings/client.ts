import { Type, type Static } from 'typebox'
import { MAX_INDEXED_TEXT_BYTES } from '../events/limits.ts'
import { MAX_EMAIL_BYTES, MAX_WEBHOOK_URL_BYTES } from './channels.ts'
import { Exact } from './exact.ts'
import { PHONE_EXPECTED } from './phone.ts'

/** A client's attributes, in bytes of JSON. */
export const MAX_ATTRIBUTES_BYTES = 4096

/** What an operator code looks like: of the number, or any other short name. */
export const OPERATOR_CODE = /^[0-9A-Za-z._-]{1,32}$/

const Phone = Type.String({ maxLength: 64, description: PHONE_EXPECTED })

const OperatorCode = Type.Union([Type.String({ pattern: OPERATOR_CODE.source }), Type.Null()], {
  description: 'Left out or null: the first three digits of the national number',
})

const Address = (maxBytes: number, description: string) =>
  Type.Optional(
    Type.Union([Type.String({ maxLength: maxBytes + 64 }), Type.Null()], {
      description: `${description}, of at most ${maxBytes} bytes; null: it has none`,
    }),
  )

const members = {
  email: Address(MAX_EMAIL_BYTES, 'Address of mailings by e-mail'),
  webhookUrl: Address(MAX_WEBHOOK_URL_BYTES, 'http or https URL that mailings by webhook are posted to'),
  tag: Type.Optional(Type.String({ maxBytes: MAX_INDEXED_TEXT_BYTES, description: 'Anything, or empty' })),
  attributes: Type.Optional(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: `For templates; at most ${MAX_ATTRIBUTES_BYTES} bytes. A merge patch (RFC 7396): members that are null are removed, others that are stored stay, at every depth`,
      },
    ),
  ),
  optedOut: Type.Optional(Type.Boolean({ description: 'True: gets no messages' })),
}

const TimeZone = Type.String({ description: 'IANA name, e.g. Europe/Moscow' })

/** POST /api/v1/clients */
export const ClientInputSchema = Exact(
  { phone: Phone, operatorCode: Type.Optional(OperatorCode), timeZone: TimeZone, ...members },
  'A client',
)

/** PATCH /api/v1/clients/:id: what is left out stays as it is. */
export const ClientPatchSchema = Exact(
  {
    phone: Type.Optional(Phone),
    operatorCode: Type.Optional(OperatorCode),
    timeZone: Type.Optional(TimeZone),
    ...members,
  },
  'What shall change',
)

/** A line of an import in NDJSON: what is left out stays as it is where the client exists. */
export const ClientRowSchema = Exact(
  {
    phone: Phone,
    operatorCode: Type.Optional(OperatorCode),
    timeZone: Type.Optional(TimeZone),
    ...members,
  },
  'A line of an import',
)

export type ClientInput = Static<typeof ClientInputSchema>
export type ClientPatch = Static<typeof ClientPatchSchema>
export type ClientRow = Static<typeof ClientRowSchema>
