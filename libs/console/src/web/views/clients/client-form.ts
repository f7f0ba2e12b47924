import type { Client, ClientInput, ClientPatch } from '../../api/clients.ts'
import { attributesChange, formatAttributes, parseAttributes } from './attributes.ts'

/** A client as its form holds it. */
export interface ClientValues {
  readonly phone: string
  /** Empty: by the number. */
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  /** Empty: none. */
  readonly email: string
  readonly webhookUrl: string
  /** JSON. */
  readonly attributes: string
  readonly optedOut: boolean
}

export const CLIENT_FIELDS = [
  '/phone',
  '/operatorCode',
  '/tag',
  '/timeZone',
  '/email',
  '/webhookUrl',
  '/attributes',
] as const

/** A form that holds a client, or an empty one with the reader's own zone. */
export function clientValues(client: Client | undefined, ownZone: string): ClientValues {
  if (!client) {
    const addresses = { phone: '', email: '', webhookUrl: '' }
    return { ...addresses, operatorCode: '', tag: '', timeZone: ownZone, attributes: '', optedOut: false }
  }
  const { phone, operatorCode, tag, timeZone, email, webhookUrl, attributes, optedOut } = client
  return {
    ...{ phone, operatorCode, tag, timeZone, optedOut },
    ...{ email: email ?? '', webhookUrl: webhookUrl ?? '', attributes: formatAttributes(attributes) },
  }
}

/** All of a new client. @param values holds JSON */
export function toInput(values: ClientValues): ClientInput {
  const attributes = parseAttributes(values.attributes) ?? {}
  return { ...membersOf(values), ...(Object.keys(attributes).length > 0 && { attributes }) }
}

/** What has changed of a client that exists. @param values holds JSON */
export function toPatch(values: ClientValues, client: Client): ClientPatch {
  const attributes = attributesChange(client.attributes, parseAttributes(values.attributes) ?? {})
  const before: Partial<Record<string, unknown>> = { ...client }
  const changed = Object.entries(membersOf(values)).filter(([name, value]) => before[name] !== value)
  return { ...Object.fromEntries(changed), ...(attributes && { attributes }) }
}

/** All but the attributes. */
function membersOf({ phone, operatorCode, tag, timeZone, email, webhookUrl, optedOut }: ClientValues) {
  return {
    phone: phone.trim(),
    operatorCode: orNull(operatorCode),
    tag,
    timeZone: timeZone.trim(),
    email: orNull(email),
    webhookUrl: orNull(webhookUrl),
    optedOut,
  }
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}
