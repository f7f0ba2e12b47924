import { AppError, isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import { setMember } from '@runnel/json'
import { memberOfName, type ColumnMember } from './column-names.ts'
import { readOptedIn, readOptedOut } from './read-opted-out.ts'

/** Members that have other names as well. Those of attributes are their own. */
const NAMED: readonly string[] = [
  ...['phone', 'operatorCode', 'tag', 'timeZone', 'email', 'webhookUrl', 'optedOut', 'optedIn'],
]

/** Members that may be numbers: `{"phone": 79161234567}`. */
const NUMBERS: readonly string[] = ['phone', 'operatorCode']

/**
 * A line of NDJSON as {@link toUpsert} takes it: members under the names that the API has for them, phones and operator codes
 * that are numbers as text, and `optedOut` from the words that CSV has for it.
 *
 * @param text of the line
 * @param members that are known; left out: every one
 * @throws AppError invalid_field
 */
export function readJsonRow(value: JsonValue, text: string, members?: readonly ColumnMember[]): JsonValue {
  if (!isJsonObject(value)) return value
  const row: JsonObject = {}
  for (const [name, member] of Object.entries(value)) {
    const known = memberOfName(name, members)
    if (known === 'ignored') continue
    const isNamed = known !== undefined && NAMED.includes(known)
    // Where a member comes under two names, the second one is refused as unknown.
    const target = isNamed && (known === name || !Object.hasOwn(value, known)) ? known : name
    if (target === 'optedOut' || target === 'optedIn') addOptedOut(row, target, member)
    else if (Object.hasOwn(row, target)) setMember(row, name, member)
    else setMember(row, target, NUMBERS.includes(target) ? readNumber(member, name, text) : member)
  }
  return row
}

function addOptedOut(row: JsonObject, name: 'optedOut' | 'optedIn', member: JsonValue): void {
  const read = name === 'optedOut' ? readOptedOut : readOptedIn
  const optedOut =
    typeof member === 'boolean' || typeof member === 'string' || typeof member === 'number'
      ? read(String(member).trim())
      : undefined
  if (optedOut === undefined) {
    throw new AppError('invalid_field', `The value of ${name} is not valid`, {
      field: `/${name}`,
      expected: 'true or false',
    })
  }
  row['optedOut'] = optedOut || row['optedOut'] === true
}

/** @returns a number as its digits; one with an exponent as it is written, for it may have lost some */
function readNumber(member: JsonValue, name: string, text: string): JsonValue {
  if (typeof member !== 'number') return member
  const written = JSON.stringify(name)
  const after = text.slice(text.indexOf(written) + written.length)
  return /^\s*:\s*(-?[\d.]+e[+-]?\d+)/i.exec(after)?.[1] ?? String(member)
}
