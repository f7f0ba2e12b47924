import {
  AppError,
  createStrictAjv,
  describeSchemaError,
  isJsonObject,
  parseTimestamp,
  SuppressionInputSchema,
  type JsonObject,
  type JsonValue,
  type SuppressionInput,
} from '@runnel/contracts'
import type { NewSuppression } from '@runnel/repositories-mailings'
import { plainName } from '../import/column-names.ts'
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
  { phone, reason, optedOutAt }: SuppressionInput,
  country?: CountryCode,
): NewSuppression {
  return {
    phone: parsePhone(phone, { country }).number,
    reason,
    optedOutAt: optedOutAt === undefined ? undefined : new Date(parseTimestamp(optedOutAt)!),
  }
}

/**
 * An entry of a list by a row of a file: its phone, and of the other members a reason and a time, under usual names.
 *
 * @throws AppError invalid_field | missing_field | text_too_long
 */
export function readSuppression(row: JsonValue, country: CountryCode | undefined): NewSuppression {
  if (!isJsonObject(row))
    throw new AppError('invalid_field', 'The line is not an object', { expected: 'an object' })
  const others: JsonObject = isJsonObject(row['attributes']) ? row['attributes'] : row
  const reason = find(others, REASONS)
  const time = find(others, TIMES)
  const input: JsonObject = {
    ...(row['phone'] !== undefined && { phone: row['phone'] }),
    ...(reason !== undefined && { reason }),
    ...(time !== undefined && { optedOutAt: typeof time === 'string' ? toTime(time) : time }),
  }
  if (!validate(input)) throw describeSchemaError(validate.errors?.[0])
  return toSuppression(input, country)
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
