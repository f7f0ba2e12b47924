import {
  AppError,
  createStrictAjv,
  describeSchemaError,
  isJsonObject,
  parseTimestamp,
  PHONE_EXPECTED,
  SuppressionInputSchema,
  type AddressChannel,
  type JsonObject,
  type JsonValue,
  type SuppressionInput,
} from '@runnel/contracts'
import type { NewSuppressedAddress, NewSuppression } from '@runnel/repositories-mailings'
import { plainName } from '../import/column-names.ts'
import { parseAddress } from '../parse-address.ts'
import { parsePhone, type CountryCode } from '../parse-phone.ts'

const validate = createStrictAjv().compile<SuppressionInput>(SuppressionInputSchema)

const REASONS = ['reason', 'причина', 'comment', 'комментарий', 'note']
const TIMES = [
  ...[
    'optedoutat',
    'optoutat',
    'optouttime',
    'optoutdate',
    'unsubscribedat',
    'unsubtime',
    'date',
    'time',
    'дата',
  ],
]

/** As spreadsheets of many countries write a date. With slashes, day and month may be either way round. */
const DATE_WITH_DOTS = /^(\d\d?)\.(\d\d?)\.(\d{4})$/

/** @throws AppError invalid_field */
export function toSuppression(
  { phone, address, reason, optedOutAt }: SuppressionInput,
  country?: CountryCode,
): NewSuppression {
  if (address !== undefined) throw unfitting('/address', 'phone')
  if (phone === undefined) throw missing('/phone', PHONE_EXPECTED)
  return { phone: parsePhone(phone, { country }).number, reason, optedOutAt: toDate(optedOutAt) }
}

/** @throws AppError invalid_field | missing_field */
export function toSuppressedAddress(
  { phone, address, reason, optedOutAt }: SuppressionInput,
  channel: AddressChannel,
): NewSuppressedAddress {
  if (phone !== undefined) throw unfitting('/phone', 'address')
  if (address === undefined) throw missing('/address', `an address of the channel ${channel}`)
  return { address: parseAddress[channel](address, '/address'), reason, optedOutAt: toDate(optedOutAt) }
}

function toDate(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(parseTimestamp(time)!)
}

function missing(field: string, expected: string): AppError {
  return new AppError('missing_field', `The member ${field.slice(1)} is missing`, { field, expected })
}

function unfitting(field: string, expected: string): AppError {
  return new AppError('invalid_field', 'The channel has addresses of another kind', {
    field,
    expected: `\`${expected}\` in place of it, or another channel`,
  })
}

/**
 * An entry of a list by a row of a file: its phone, and of the other members a reason and a time, under usual names.
 *
 * @throws AppError invalid_field | missing_field | text_too_long
 */
export function readSuppression(row: JsonValue, country: CountryCode | undefined): NewSuppression {
  return toSuppression(readInput(row, 'phone', 'phone'), country)
}

/** The same of an address. @throws AppError invalid_field | missing_field | text_too_long */
export function readSuppressedAddress(
  row: JsonValue,
  channel: AddressChannel,
  member: 'email' | 'webhookUrl',
): NewSuppressedAddress {
  return toSuppressedAddress(readInput(row, member, 'address'), channel)
}

function readInput(row: JsonValue, member: string, name: 'phone' | 'address'): SuppressionInput {
  if (!isJsonObject(row))
    throw new AppError('invalid_field', 'The line is not an object', { expected: 'an object' })
  const others: JsonObject = isJsonObject(row['attributes']) ? row['attributes'] : row
  const reason = find(others, REASONS)
  const time = find(others, TIMES)
  const input: JsonObject = {
    ...(row[member] !== undefined && row[member] !== null && { [name]: row[member] }),
    ...(reason !== undefined && { reason }),
    ...(time !== undefined && { optedOutAt: typeof time === 'string' ? toTime(time) : time }),
  }
  if (!validate(input)) throw describeSchemaError(validate.errors?.[0])
  return input
}

function find(members: JsonObject, names: readonly string[]): JsonValue | undefined {
  const name = Object.keys(members).find((one) => names.includes(plainName(one)))
  const value = name === undefined ? undefined : members[name]
  return value === null || value === '' ? undefined : value
}

function toTime(text: string): string {
  const [, day, month, year] = DATE_WITH_DOTS.exec(text) ?? []
  return day === undefined ? text : `${year}-${month!.padStart(2, '0')}-${day.padStart(2, '0')}`
}
