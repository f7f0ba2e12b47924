import { AppError, PHONE_EXPECTED } from '@runnel/contracts'
import {
  getCountries,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type CountryCode,
} from 'libphonenumber-js'

export interface Phone {
  /** E.164 without the plus sign. */
  readonly number: number
  /** The first digits of the national number: in many countries, the mobile operator. */
  readonly operatorCode: string
}

export type { CountryCode } from 'libphonenumber-js'

export interface PhoneOptions {
  readonly field?: string
  /** Of numbers that are written without a plus sign. */
  readonly country?: CountryCode | undefined
}

/** Two-letter codes of the countries whose numbers are known. */
export const COUNTRIES: readonly CountryCode[] = getCountries()

const OPERATOR_DIGITS = 3

/** Russia and Kazakhstan, which most lists consist of. Parsing such a number with the library costs twenty times as much. */
const PLAIN = /^\+?7\d{10}$/

/**
 * Numbers as they are written within the countries of the code 7. Ten digits are one only where they do not look like the
 * beginning of an international number.
 */
const NATIONAL_7: ReadonlyMap<string, RegExp> = new Map([
  ['RU', /^(?:[78][34789]|[349])\d{9}$/],
  ['KZ', /^[78]?7\d{9}$/],
])

/** The digits of a number as they are stored, and no more than a number has. */
const DIGITS = /^\+?\d{5,17}$/

/** As spreadsheets write long numbers: `7,9161E+10`. The digits that they left out are lost. */
const SCIENTIFIC = /^\d+(?:[.,]\d+)?\s?e\s?\+?\d+$/i

/** A number as spreadsheets write one: `79161234567.0`. */
const DECIMAL = /^(\+?\d+)[.,]0+$/

/** Any other number with a fraction. Dots in phones stand between groups of few digits. */
const FRACTION = /^\+?\d{7,}[.,]\d+$/

/** What people put between digits. */
const BETWEEN = /[\s().\-\u2010-\u2015\u2212/]+/g

/**
 * A phone number as people write it, with blanks, brackets and dashes; in international form, or, where a country is given,
 * in the form of that country.
 *
 * @throws AppError invalid_field
 */
export function parsePhone(text: string, { field = '/phone', country }: PhoneOptions = {}): Phone {
  if (PLAIN.test(text) && isCode7(country)) return toPlain(text.slice(-11))
  const digits = readDigits(text, field)
  if (digits.startsWith('+') || digits.startsWith('00')) {
    return parseInternational(digits.replace(/^(\+|00)/, '')) ?? refuse(NOT_VALID, field)
  }
  if (country === undefined)
    return parseInternational(digits) ?? refuse(NOT_VALID, field, looksNational(digits))
  return parseInCountry(digits, country, field) ?? refuse(`${NOT_VALID} in ${country}`, field)
}

/** @returns the country of a two-letter code. @throws AppError invalid_field */
export function parseCountry(text: string, field: string): CountryCode {
  const code = text.toUpperCase()
  if (isSupportedCountry(code)) return code
  throw new AppError('invalid_field', 'There is no such country', {
    field,
    expected: 'two letters of ISO 3166, e.g. RU',
  })
}

const NOT_VALID = 'The phone number is not valid'

const isCode7 = (country: CountryCode | undefined) => country === undefined || NATIONAL_7.has(country)

/** @returns digits, perhaps after a plus sign */
function readDigits(text: string, field: string): string {
  // Other forms of digits and blanks; and signs that are not shown, which phones and mail programs leave in copied numbers.
  const ascii = /^[\x20-\x7e]*$/.test(text) ? text : text.normalize('NFKC').replaceAll(/[\p{Cf}\p{Cc}]/gu, '')
  const shown = ascii
    .trim()
    .replace(/^(?:['`\u2018\u2019]|tel:)+/i, '')
    .trim()
  if (SCIENTIFIC.test(shown)) {
    throw new AppError('invalid_field', 'The phone number is in scientific notation, and has lost digits', {
      field,
      expected: `all digits: format the column as text in the spreadsheet before it is saved as CSV`,
    })
  }
  const whole = DECIMAL.exec(shown)?.[1] ?? shown
  const digits = whole.replaceAll(BETWEEN, '')
  return DIGITS.test(digits) && !FRACTION.test(whole) ? digits : refuse(NOT_VALID, field)
}

function toPlain(digits: string): Phone {
  return { number: Number(digits), operatorCode: digits.slice(1, 1 + OPERATOR_DIGITS) }
}

function parseInternational(digits: string): Phone | undefined {
  return PLAIN.test(digits) ? toPlain(digits) : toPhone(parsePhoneNumberFromString(`+${digits}`))
}

/**
 * Digits without a plus sign are a number of the country where it has such numbers, and otherwise an international one. What
 * is valid as both is refused: a message to a stranger cannot be taken back. Not so in Russia and Kazakhstan, where a number
 * of ten digits, or of eleven after 7 or 8, is a national one.
 */
function parseInCountry(digits: string, country: CountryCode, field: string): Phone | undefined {
  if (NATIONAL_7.get(country)?.test(digits)) return toPlain(`7${digits.slice(-10)}`)
  const parsed = parsePhoneNumberFromString(digits, country)
  const national = NATIONAL_7.has(country) && parsed?.country !== country ? undefined : toPhone(parsed)
  const other = parseInternational(digits)
  if (!national || !other || national.number === other.number) return national ?? other
  throw new AppError('invalid_field', 'The phone number can be read in two ways', {
    field,
    expected: `+${national.number} or +${other.number}: write it with the plus sign`,
  })
}

function toPhone(parsed: ReturnType<typeof parsePhoneNumberFromString>): Phone | undefined {
  if (!parsed?.isValid()) return undefined
  return {
    number: Number(parsed.number.slice(1)),
    operatorCode: parsed.nationalNumber.slice(0, OPERATOR_DIGITS),
  }
}

/** @returns whether digits look as if they lacked the code of their country */
function looksNational(digits: string): boolean {
  return digits.length <= 10 || /^[08]/.test(digits)
}

function refuse(message: string, field: string, national = false): never {
  const hint = national
    ? '; an import takes numbers without the code of their country with the parameter country, such as country=RU'
    : ''
  throw new AppError('invalid_field', message, { field, expected: `${PHONE_EXPECTED}${hint}` })
}
