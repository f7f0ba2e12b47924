import { getJson, type Answer } from './get-json.ts'
import type { AudienceFilter } from './mailings.ts'
import { sendJson } from './send-json.ts'

interface Group {
  readonly name: string
  readonly count: number
}

/** Someone whom a mailing would reach. */
export interface Recipient {
  readonly clientId: number
  readonly phone: string
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  /** What the client would read. */
  readonly text: string | null
  /** Why there is no text. */
  readonly problem: string | null
}

/** Whom a mailing would reach, and what they would read. */
export interface Audience {
  readonly count: number
  readonly timeZones: readonly Group[]
  readonly operators: readonly Group[]
  readonly sample: readonly Recipient[]
}

/** The same for a mailing that is there already. */
export function getAudience(id: number, signal: AbortSignal): Promise<Answer<Audience>> {
  return getJson(`/api/v1/mailings/${id}/audience`, {}, signal)
}

export async function previewAudience(
  mailing: { readonly text: string; readonly filter: AudienceFilter },
  signal: AbortSignal,
): Promise<Answer<Audience>> {
  return { data: await sendJson('POST', '/api/v1/mailings/preview', mailing, { signal }), stale: false }
}
