import type { Me } from '@runnel/contracts/api/me'
import { getJson, type Answer } from './get-json.ts'

export type { Me }

/** What somebody may do. */
export type Scope = Me['scopes'][number]

export function getMe(signal: AbortSignal): Promise<Answer<Me>> {
  return getJson('/api/v1/me', {}, signal)
}
