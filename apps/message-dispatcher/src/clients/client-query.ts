import { ADDRESS_CHANNELS, parseTimeZone, timeZoneNames, type AddressChannel } from '@runnel/contracts'
import type { ClientFilter } from '@runnel/repositories-mailings'
import { Type, type Static } from 'typebox'
import { pageParameters } from '../requests/page-parameters.ts'
import { parseEmail } from './parse-address.ts'
import { parsePhone } from './parse-phone.ts'

/** Text of a parameter. PostgreSQL stores no NUL characters. */
const Text = (description: string) => Type.String({ maxLength: 512, pattern: '^[^\\u0000]*$', description })

/** The filters of a list of clients. */
export const clientFilterParameters = {
  operatorCode: Type.Optional(Text('Only clients with this operator code')),
  tag: Type.Optional(Text('Only clients with this tag; empty: only clients without a tag')),
  timeZone: Type.Optional(Text('Only clients in this IANA time zone')),
  phone: Type.Optional(Text('Only the client with this phone number')),
  email: Type.Optional(Text('Only clients with this e-mail address')),
  channel: Type.Optional(
    Type.Unsafe<AddressChannel>({
      type: 'string',
      enum: [...ADDRESS_CHANNELS],
      description: 'Only clients that have an address of this channel',
    }),
  ),
  q: Type.Optional(
    Text(
      'Part of the phone, the tag, the e-mail address or the value of an attribute, such as a name; in any case of its letters',
    ),
  ),
  optedOut: Type.Optional(Type.Boolean({ description: 'Only clients that have opted out, or only others' })),
}

export const ClientQuerySchema = Type.Object(
  { ...clientFilterParameters, ...pageParameters },
  { additionalProperties: false },
)

/** @param place of the filters, where they are no parameters. @throws AppError invalid_field */
export function parseClientFilter(
  query: Omit<Static<typeof ClientQuerySchema>, 'limit' | 'cursor'>,
  place = '',
): ClientFilter {
  const { operatorCode, tag, timeZone, phone, email, channel, optedOut, q = '' } = query
  return {
    operatorCode,
    tag,
    optedOut,
    channel,
    text: q.trim() === '' ? undefined : q.trim(),
    email: email === undefined ? undefined : parseEmail(email, `${place}email`),
    timeZones:
      timeZone === undefined ? undefined : timeZoneNames(parseTimeZone(timeZone, `${place}timeZone`)),
    phone: phone === undefined ? undefined : parsePhone(phone, { field: `${place}phone` }).number,
  }
}
