import type { JsonObject } from '@runnel/contracts'

export interface StoredClient {
  readonly id: number
  /** E.164 without the plus sign. */
  readonly phone: number
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  readonly email: string | null
  readonly webhookUrl: string | null
  readonly attributes: JsonObject
  readonly optedOutAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What people decide about a client. */
export interface ClientMembers {
  readonly phone: number
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  readonly email: string | null
  readonly webhookUrl: string | null
  readonly attributes: JsonObject
  readonly optedOut: boolean
}

export const CLIENT_COLUMNS = [
  'id',
  'phone',
  'operator_code as operatorCode',
  'tag',
  'time_zone as timeZone',
  'email',
  'webhook_url as webhookUrl',
  'attributes',
  'opted_out_at as optedOutAt',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const

/** The driver has read `attributes` as JSON, and the table holds nothing but objects. */
export function toClient(row: Omit<StoredClient, 'attributes'> & { attributes: unknown }): StoredClient {
  return row as StoredClient
}
