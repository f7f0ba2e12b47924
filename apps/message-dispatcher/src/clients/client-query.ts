import { parseTimeZone } from '@runnel/contracts'
import type { ClientFilter } from '@runnel/repositories'
import { Type, type Static } from 'typebox'
import { pageParameters } from '../requests/page-parameters.ts'
import { parsePhone } from './parse-phone.ts'

/** Text of a parameter. PostgreSQL takes no NUL characters. */
const Text = (description: string) => Type.String({ maxLength: 512, pattern: '^[^\\u0000]*$', description })

export const ClientQuerySchema = Type.Object(
  {
    operatorCode: Type.Optional(Text('Of this operator')),
    tag: Type.Optional(Text('With this tag; empty: without one')),
    timeZone: Type.Optional(Text('In this IANA time zone')),
    phone: Type.Optional(Text('With this phone')),
    optedOut: Type.Optional(Type.Boolean({ description: 'Whether they have opted out' })),
    ...pageParameters,
  },
  { additionalProperties: false },
)

/** @throws AppError invalid_field */
export function parseClientFilter(query: Static<typeof ClientQuerySchema>): ClientFilter {
  const { operatorCode, tag, timeZone, phone, optedOut } = query
  return {
    operatorCode,
    tag,
    optedOut,
    timeZone: timeZone === undefined ? undefined : parseTimeZone(timeZone, 'timeZone'),
    phone: phone === undefined ? undefined : parsePhone(phone, 'phone').number,
  }
}
