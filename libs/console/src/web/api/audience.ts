import type { Audience, Recipient } from '@runnel/contracts/api/audience'
import type { MailingPreview } from '@runnel/contracts'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { Audience, MailingPreview, Recipient }

/** The audience of a mailing that exists. */
export function getAudience(id: number, signal: AbortSignal): Promise<Answer<Audience>> {
  return getJson(`/api/v1/mailings/${id}/audience`, {}, signal)
}

export async function previewAudience(
  mailing: MailingPreview,
  signal: AbortSignal,
): Promise<Answer<Audience>> {
  return { data: await sendJson('POST', '/api/v1/mailings/preview', mailing, { signal }), stale: false }
}
