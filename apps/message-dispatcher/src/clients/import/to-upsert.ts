import {
  ClientRowSchema,
  createStrictAjv,
  describeSchemaError,
  parseTimeZone,
  type ClientRow,
  type JsonObject,
  type JsonValue,
} from '@runnel/contracts'
import type { ClientUpsert } from '@runnel/repositories-mailings'
import { mergeAttributes } from '../merge-attributes.ts'
import { parseEmail, parseWebhookUrl } from '../parse-address.ts'
import { parsePhone, type CountryCode } from '../parse-phone.ts'

const validate = createStrictAjv().compile<ClientRow>(ClientRowSchema)

/**
 * Turns a row of a file into a change of a client.
 *
 * @param row has been through checkJson
 * @param country of phones without the code of their country
 * @throws AppError invalid_field | missing_field | text_too_long
 */
export function toUpsert(row: JsonValue, country?: CountryCode): ClientUpsert {
  if (!validate(row)) throw describeSchemaError(validate.errors?.[0])
  const { number, operatorCode: derivedCode } = parsePhone(row.phone, { country })
  const attributes = row.attributes as JsonObject | undefined
  const removed = Object.keys(attributes ?? {}).filter((name) => attributes![name] === null)
  return {
    phone: number,
    derivedCode,
    operatorCode: row.operatorCode === undefined ? undefined : (row.operatorCode ?? derivedCode),
    tag: row.tag,
    timeZone: row.timeZone === undefined ? undefined : parseTimeZone(row.timeZone),
    email: row.email ? parseEmail(row.email) : toRemoval(row.email),
    webhookUrl: row.webhookUrl ? parseWebhookUrl(row.webhookUrl) : toRemoval(row.webhookUrl),
    optedOut: row.optedOut,
    attributes: attributes && mergeAttributes({}, attributes),
    removed: removed.length > 0 ? removed : undefined,
  }
}

/** An empty text is no address, as in CSV. */
const toRemoval = (given: string | null | undefined): null | undefined =>
  given === undefined ? undefined : null

/** Merges two rows with the same phone number; the second one wins, but lifts no opt-out. */
export function mergeUpserts(first: ClientUpsert, second: ClientUpsert): ClientUpsert {
  const names = new Set(second.removed)
  const kept = Object.entries(first.attributes ?? {}).filter(([name]) => !names.has(name))
  const set = { ...Object.fromEntries(kept), ...second.attributes }
  const removed = [...(first.removed ?? []).filter((name) => !Object.hasOwn(set, name)), ...names]
  return {
    phone: second.phone,
    derivedCode: second.derivedCode,
    operatorCode: second.operatorCode ?? first.operatorCode,
    tag: second.tag ?? first.tag,
    timeZone: second.timeZone ?? first.timeZone,
    email: second.email === undefined ? first.email : second.email,
    webhookUrl: second.webhookUrl === undefined ? first.webhookUrl : second.webhookUrl,
    optedOut: first.optedOut || second.optedOut,
    attributes: set,
    removed,
  }
}
