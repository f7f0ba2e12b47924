import type { SuppressionInput } from '@runnel/contracts'
import type { Page } from '@runnel/contracts/api/page'
import type { Suppression, SuppressionImportReport } from '@runnel/contracts/api/suppression'
import { buildUrl, type Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { Suppression, SuppressionImportReport, SuppressionInput }

/** What names an entry. */
export type SuppressionKey = Pick<Suppression, 'channel' | 'address'>

const SUPPRESSIONS = '/api/v1/suppressions'

export const SUPPRESSION_IMPORT_URL = `${SUPPRESSIONS}/import`

/** The whole list of a channel as a file. */
export function suppressionExportUrl(channel: string): string {
  return buildUrl(`${SUPPRESSIONS}/export`, { channel })
}

export function getSuppressions(params: Params, signal: AbortSignal): Promise<Answer<Page<Suppression>>> {
  return getJson(SUPPRESSIONS, params, signal)
}

/** The entry of a phone. */
export function getSuppression(phone: string, signal: AbortSignal): Promise<Answer<Suppression>> {
  return getJson(`${SUPPRESSIONS}/${encodeURIComponent(phone)}`, {}, signal)
}

export function addSuppression(suppression: SuppressionInput): Promise<Suppression> {
  return sendJson('POST', SUPPRESSIONS, suppression)
}

export function removeSuppression({ channel, address }: SuppressionKey): Promise<void> {
  return sendJson('DELETE', buildUrl(`${SUPPRESSIONS}/${encodeURIComponent(address)}`, { channel }))
}
