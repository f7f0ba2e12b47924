import type { Kind } from '@runnel/contracts'
import { pause } from '@runnel/runtime'
import type { IngestClient } from './ingest-client.ts'
import type { Answer } from './parse-answer.ts'

export interface RetryOptions {
  /** Milliseconds after the first try from which nothing is tried again. */
  readonly giveUpAfterMs: number
  /** Aborted when nothing shall be tried again: a wait ends, a request under way does not. */
  readonly noMoreTries?: AbortSignal
  /** Called before each wait. */
  readonly onRetry?: (answer: Answer, waitMs: number) => void
}

export interface Attempted {
  readonly answer: Answer
  readonly attempts: number
}

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 10_000
/** A Retry-After beyond this is not believed. */
const LONGEST_ASKED_WAIT_MS = 120_000

/**
 * Posts the same body again while the server is busy or away. Only for items that carry an idempotency key: without
 * one, a second try after a lost answer stores a second event.
 *
 * @returns the first answer that is final, or the last one before giving up
 * @throws the signal's reason when it aborts
 */
export async function postUntilAnswered(
  client: Pick<IngestClient, 'post'>,
  kind: Kind,
  body: string,
  signal: AbortSignal,
  { giveUpAfterMs, noMoreTries, onRetry }: RetryOptions,
): Promise<Attempted> {
  const startedMs = performance.now()
  for (let attempts = 1; ; attempts++) {
    const answer = await client.post(kind, body, signal)
    if (answer.type !== 'busy' && answer.type !== 'unreachable') return { answer, attempts }
    const waitMs = waitBefore(answer, attempts)
    const late = performance.now() - startedMs + waitMs > giveUpAfterMs
    if (late || noMoreTries?.aborted) return { answer, attempts }
    onRetry?.(answer, waitMs)
    await pause(waitMs, noMoreTries === undefined ? signal : AbortSignal.any([signal, noMoreTries]))
    signal.throwIfAborted()
    if (noMoreTries?.aborted) return { answer, attempts }
  }
}

/** What the server asked for, else exponential; with jitter on top, so that a crowd does not come back at once. */
function waitBefore(answer: Answer, attempts: number): number {
  const asked = answer.type === 'busy' ? answer.retryAfterMs : undefined
  const base =
    asked === undefined
      ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 10))
      : Math.min(LONGEST_ASKED_WAIT_MS, asked)
  return Math.round(base * (1 + Math.random() * 0.1))
}
