import type { Client } from '@runnel/contracts/api/client'
import type { Page } from '@runnel/contracts/api/page'
import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { Client }

export type Attributes = Readonly<Record<string, unknown>>

export interface ClientChange {
  readonly phone?: string
  /** null: by the number. */
  readonly operatorCode?: string | null
  readonly tag?: string
  readonly timeZone?: string
  /** Members that are null go; those that are left out stay. */
  readonly attributes?: Attributes
  readonly optedOut?: boolean
}

const CLIENTS = '/api/v1/clients'

export function getClients(params: Params, signal: AbortSignal): Promise<Answer<Page<Client>>> {
  return getJson(CLIENTS, params, signal)
}

export function getClient(id: string, signal: AbortSignal): Promise<Answer<Client>> {
  return getJson(`${CLIENTS}/${encodeURIComponent(id)}`, {}, signal)
}

export function createClient(client: ClientChange): Promise<Client> {
  return sendJson('POST', CLIENTS, client)
}

export function changeClient(id: number, change: ClientChange): Promise<Client> {
  return sendJson('PATCH', `${CLIENTS}/${id}`, change)
}

export function deleteClient(id: number): Promise<void> {
  return sendJson('DELETE', `${CLIENTS}/${id}`)
}
