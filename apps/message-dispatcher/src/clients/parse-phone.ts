import { AppError, PHONE, PHONE_EXPECTED } from '@runnel/contracts'
import { parsePhoneNumberFromString } from 'libphonenumber-js'

export interface Phone {
  /** E.164 without the plus sign. */
  readonly number: number
  /** The first digits of the national number: in many countries, the mobile operator. */
  readonly operatorCode: string
}

const OPERATOR_DIGITS = 3

/** Russia and Kazakhstan, which most lists consist of. Parsing such a number with the library costs twenty times as much. */
const PLAIN = /^\+?7\d{10}$/

/** @throws AppError invalid_field */
export function parsePhone(text: string, field = '/phone'): Phone {
  if (PLAIN.test(text)) {
    const digits = text.slice(-11)
    return { number: Number(digits), operatorCode: digits.slice(1, 1 + OPERATOR_DIGITS) }
  }
  const parsed = PHONE.test(text)
    ? parsePhoneNumberFromString(text.startsWith('+') ? text : `+${text}`)
    : undefined
  if (!parsed?.isValid()) {
    throw new AppError('invalid_field', 'The phone number is not valid', { field, expected: PHONE_EXPECTED })
  }
  return {
    number: Number(parsed.number.slice(1)),
    operatorCode: parsed.nationalNumber.slice(0, OPERATOR_DIGITS),
  }
}
