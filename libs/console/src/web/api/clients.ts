import type { ClientInput, ClientPatch } from '@runnel/contracts'
import type {
  ChangedClients,
  ClientChangeCount,
  ClientChangePreview,
  ClientChanges,
} from '@runnel/contracts/api/client-change'
import type { Client } from '@runnel/contracts/api/client'
import type { ClientAttributes, ClientTotals } from '@runnel/contracts/api/client-totals'
import type { Page } from '@runnel/contracts/api/page'
import { buildUrl, type Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { ChangedClients, ClientChangeCount, ClientChangePreview, ClientChanges }
export type { Client, ClientInput, ClientPatch }

export type Attributes = Readonly<Record<string, unknown>>

const CLIENTS = '/api/v1/clients'

/** All clients of a filter as a file. */
export function clientsExportUrl(format: 'csv' | 'ndjson', params: Params): string {
  return buildUrl(`${CLIENTS}/export`, { ...params, format })
}

export function getClients(params: Params, signal: AbortSignal): Promise<Answer<Page<Client>>> {
  return getJson(CLIENTS, params, signal)
}

/** How many clients match. */
export function getClientTotals(params: Params, signal: AbortSignal): Promise<Answer<ClientTotals>> {
  return getJson(`${CLIENTS}/totals`, params, signal)
}

/** Names of the attributes that clients have. */
export function getClientAttributes(signal: AbortSignal): Promise<Answer<ClientAttributes>> {
  return getJson(`${CLIENTS}/attributes`, {}, signal)
}

export function getClient(id: string, signal: AbortSignal): Promise<Answer<Client>> {
  return getJson(`${CLIENTS}/${encodeURIComponent(id)}`, {}, signal)
}

export function createClient(client: ClientInput): Promise<Client> {
  return sendJson('POST', CLIENTS, client)
}

export function changeClient(id: number, change: ClientPatch): Promise<Client> {
  return sendJson('PATCH', `${CLIENTS}/${id}`, change)
}

export function deleteClient(id: number): Promise<void> {
  return sendJson('DELETE', `${CLIENTS}/${id}`)
}

/** Counts what a change of many clients would be about. */
export function previewChange(preview: ClientChangePreview): Promise<ClientChangeCount> {
  return sendJson('POST', `${CLIENTS}/changes/preview`, preview)
}

/** Changes many clients; the answer says where to go on. */
export function changeClients(changes: ClientChanges, signal: AbortSignal): Promise<ChangedClients> {
  return sendJson('POST', `${CLIENTS}/changes`, changes, { signal })
}
