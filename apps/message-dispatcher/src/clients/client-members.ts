import {
  AppError,
  parseTimeZone,
  type ClientInput,
  type ClientPatch,
  type JsonObject,
} from '@runnel/contracts'
import type { ClientMembers, StoredClient } from '@runnel/repositories-mailings'
import { mergeAttributes } from './merge-attributes.ts'
import { parseEmail, parseWebhookUrl } from './parse-address.ts'
import { parsePhone } from './parse-phone.ts'

/** A client and its members; below them lie attributes, which keep every digit. */
export const CLIENT_LEVELS = 1

/** @throws AppError invalid_field */
export function parseNewClient(input: ClientInput): ClientMembers {
  const phone = parsePhone(input.phone)
  return {
    phone: phone.number,
    operatorCode: input.operatorCode ?? phone.operatorCode,
    tag: input.tag ?? '',
    timeZone: parseTimeZone(input.timeZone),
    email: parseGiven(input.email, parseEmail),
    webhookUrl: parseGiven(input.webhookUrl, parseWebhookUrl),
    attributes: mergeAttributes({}, (input.attributes ?? {}) as JsonObject),
    optedOut: input.optedOut ?? false,
  }
}

/**
 * What a client becomes by a patch. An operator code that was derived from the number follows the number.
 *
 * @throws AppError invalid_field; conflict where it would lift an opt-out
 */
export function patchClient(client: StoredClient, patch: ClientPatch): ClientMembers {
  if (patch.optedOut === false && client.optedOutAt !== null) throw stillSuppressed(client)
  const phone = parsePhone(patch.phone ?? String(client.phone))
  return {
    phone: phone.number,
    operatorCode: patchOperatorCode(client, patch, phone.operatorCode),
    tag: patch.tag ?? client.tag,
    timeZone: patch.timeZone === undefined ? client.timeZone : parseTimeZone(patch.timeZone),
    email: patch.email === undefined ? client.email : parseGiven(patch.email, parseEmail),
    webhookUrl:
      patch.webhookUrl === undefined ? client.webhookUrl : parseGiven(patch.webhookUrl, parseWebhookUrl),
    attributes:
      patch.attributes === undefined
        ? client.attributes
        : mergeAttributes(client.attributes, patch.attributes as JsonObject),
    optedOut: patch.optedOut ?? client.optedOutAt !== null,
  }
}

function parseGiven(given: string | null | undefined, parse: (text: string) => string): string | null {
  return given === undefined || given === null ? null : parse(given)
}

function stillSuppressed({ phone }: StoredClient): AppError {
  return new AppError('conflict', 'The client has opted out, which a change of the client does not lift', {
    field: '/optedOut',
    expected: `DELETE /api/v1/suppressions/${phone}, which takes the phone off the suppression list`,
  })
}

function patchOperatorCode(client: StoredClient, { operatorCode }: ClientPatch, derived: string): string {
  if (operatorCode !== undefined) return operatorCode ?? derived
  const wasDerived = client.operatorCode === parsePhone(String(client.phone)).operatorCode
  return wasDerived ? derived : client.operatorCode
}
