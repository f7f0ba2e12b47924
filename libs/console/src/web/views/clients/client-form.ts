import type { Client, ClientChange } from '../../api/clients.ts'
import { attributesChange, formatAttributes, parseAttributes } from './attributes.ts'

/** A client as its form holds it. */
export interface ClientValues {
  readonly phone: string
  /** Empty: by the number. */
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  /** JSON. */
  readonly attributes: string
  readonly optedOut: boolean
}

export const CLIENT_FIELDS = ['/phone', '/operatorCode', '/tag', '/timeZone', '/attributes'] as const

/** A form that holds a client, or an empty one with the reader's own zone. */
export function clientValues(client: Client | undefined, ownZone: string): ClientValues {
  if (!client) {
    return { phone: '', operatorCode: '', tag: '', timeZone: ownZone, attributes: '', optedOut: false }
  }
  const { phone, operatorCode, tag, timeZone, attributes, optedOut } = client
  return { phone, operatorCode, tag, timeZone, attributes: formatAttributes(attributes), optedOut }
}

/** What is asked for: all of a new client, or what has changed of one that there is. @param values holds JSON */
export function toChange(values: ClientValues, client: Client | undefined): ClientChange {
  const attributes = attributesChange(client?.attributes ?? {}, parseAttributes(values.attributes) ?? {})
  const { operatorCode } = values
  const all = {
    phone: values.phone.trim(),
    operatorCode: operatorCode.trim() === '' ? null : operatorCode.trim(),
    tag: values.tag,
    timeZone: values.timeZone.trim(),
    optedOut: values.optedOut,
  }
  const before: Partial<Record<string, unknown>> = { ...client }
  const changed = Object.entries(all).filter(([name, value]) => !client || before[name] !== value)
  return { ...Object.fromEntries(changed), ...(attributes && { attributes }) }
}
