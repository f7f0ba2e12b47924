import type { Audience, Recipient } from '@runnel/contracts/api/audience'
import { getJson, type Answer } from './get-json.ts'
import type { AudienceFilter } from './mailings.ts'
import { sendJson } from './send-json.ts'

export type { Audience, Recipient }

/** The audience of a mailing that exists. */
export function getAudience(id: number, signal: AbortSignal): Promise<Answer<Audience>> {
  return getJson(`/api/v1/mailings/${id}/audience`, {}, signal)
}

export async function previewAudience(
  mailing: { readonly text: string; readonly filter: AudienceFilter },
  signal: AbortSignal,
): Promise<Answer<Audience>> {
  return { data: await sendJson('POST', '/api/v1/mailings/preview', mailing, { signal }), stale: false }
}
