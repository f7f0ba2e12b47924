import type { DeadLetter, Replayed } from '@runnel/contracts/api/dead-letter'
import type { Page } from '@runnel/contracts/api/page'
import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { DeadLetter, Replayed }

const DEAD_LETTERS = '/api/v1/dead-letters'

export function getDeadLetters(params: Params, signal: AbortSignal): Promise<Answer<Page<DeadLetter>>> {
  return getJson(DEAD_LETTERS, params, signal)
}

/** One of them, by way of a page that begins with it; undefined where it does not exist. */
export async function getDeadLetter(
  id: number,
  signal: AbortSignal,
): Promise<Answer<DeadLetter | undefined>> {
  const { data, stale } = await getDeadLetters({ cursor: id + 1, limit: 1 }, signal)
  return { data: data.items.find((letter) => letter.id === id), stale }
}

export function replayDeadLetter(id: number): Promise<Replayed> {
  return sendJson('POST', `${DEAD_LETTERS}/${id}/replay`)
}

export interface ReplayFilter {
  readonly kind?: string | undefined
  readonly reason?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
}

export function replayDeadLetters(filter: ReplayFilter, signal: AbortSignal): Promise<Replayed> {
  return sendJson('POST', `${DEAD_LETTERS}/replay`, filter, { signal })
}
