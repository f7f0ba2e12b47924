import type { Session, SessionList, SignedOut } from '@runnel/contracts/api/session'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { Session }

/** @param all those of everybody; needs keys:write */
export function getSessions(all: boolean, signal: AbortSignal): Promise<Answer<SessionList>> {
  return getJson('/api/v1/sessions', all ? { all: 'true' } : {}, signal)
}

export function endSession(id: string): Promise<void> {
  return sendJson('DELETE', `/api/v1/sessions/${encodeURIComponent(id)}`)
}

/** Ends the session of this browser. @returns where to go from here */
export async function signOut(): Promise<string> {
  return (await sendJson<SignedOut>('POST', '/auth/logout')).next
}
