import type { DeadLetter, DeadLetterGroups, Deleted, Replayed } from '@runnel/contracts/api/dead-letter'
import type { Page } from '@runnel/contracts/api/page'
import { ApiError } from './api-error.ts'
import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { DeadLetter, DeadLetterGroups, Deleted, Replayed }

const DEAD_LETTERS = '/api/v1/dead-letters'

export function getDeadLetters(params: Params, signal: AbortSignal): Promise<Answer<Page<DeadLetter>>> {
  return getJson(DEAD_LETTERS, params, signal)
}

/** How many there are, by kind and by what their reason begins with. */
export function getDeadLetterGroups(params: Params, signal: AbortSignal): Promise<Answer<DeadLetterGroups>> {
  return getJson(`${DEAD_LETTERS}/groups`, params, signal)
}

/** One of them; undefined where it does not exist. */
export async function getDeadLetter(
  id: number,
  signal: AbortSignal,
): Promise<Answer<DeadLetter | undefined>> {
  try {
    return await getJson<DeadLetter>(`${DEAD_LETTERS}/${id}`, undefined, signal)
  } catch (error) {
    if (error instanceof ApiError && error.trouble.code === 'not_found')
      return { data: undefined, stale: false }
    throw error
  }
}

/** @param payload what the event says from now on; undefined: what it said */
export function replayDeadLetter(id: number, payload?: string): Promise<Replayed> {
  return sendJson('POST', `${DEAD_LETTERS}/${id}/replay`, payload === undefined ? undefined : { payload })
}

export function deleteDeadLetter(id: number): Promise<Deleted> {
  return sendJson('DELETE', `${DEAD_LETTERS}/${id}`)
}

interface LetterFilter {
  readonly kind?: string | undefined
  readonly reason?: string | undefined
  readonly code?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface ReplayFilter extends LetterFilter {
  readonly limit: number
}

export function replayDeadLetters(filter: ReplayFilter, signal: AbortSignal): Promise<Replayed> {
  return sendJson('POST', `${DEAD_LETTERS}/replay`, filter, { signal })
}

export interface DeleteFilter extends LetterFilter {
  readonly replayed?: boolean | undefined
  /** Letters up to this one, and how many of them match. */
  readonly throughId: number
  readonly count: number
}

export function deleteDeadLetters(filter: DeleteFilter, signal: AbortSignal): Promise<Deleted> {
  return sendJson('POST', `${DEAD_LETTERS}/delete`, filter, { signal })
}
