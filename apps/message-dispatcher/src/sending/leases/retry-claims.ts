import type { ClaimedRetries } from '@runnel/repositories'
import { randomUUID } from 'node:crypto'
import type { Claims } from './chunk-claims.ts'
import { MIN_REST_MS, sendUntilMs, type EngineDeps } from '../engine-deps.ts'
import { createLostTokens } from './lost-tokens.ts'
import type { WorkInHand } from './leased-work.ts'
import { createRetryWork } from './work.ts'

/** Messages of one claim. They and those of chunks take turns. */
const CLAIM_RETRIES = 128

/** Milliseconds after a claim that got fewer than it wanted. */
const POLL_MS = 100

/** Leases messages whose next attempt is due. */
export function createRetryClaims(deps: EngineDeps, hand: WorkInHand): Claims {
  const { store, clock, options, monotonicMs, owner } = deps
  const lost = createLostTokens(options.leaseMs, monotonicMs)
  let nextMs = 0
  return {
    get nextMs() {
      return nextMs
    },
    expect() {
      nextMs = 0
    },
    async claim(room) {
      const askedMs = monotonicMs()
      if (askedMs < nextMs) return
      const limit = Math.min(CLAIM_RETRIES, Math.ceil(room / 2))
      const token = randomUUID()
      const lots = await lost.watch(token, () =>
        store.claimRetries({
          ...{ owner, token, limit, nowMs: clock.nowMs() },
          leaseMs: options.leaseMs,
          sendTimeoutMs: options.sendTimeoutMs,
          avoid: hand.resting(askedMs).mailingIds,
          lostTokens: lost.tokens(),
        }),
      )
      const got = lots.reduce((sum, { recipients }) => sum + recipients.length, 0)
      if (got < limit) nextMs = askedMs + (got > 0 ? POLL_MS : options.intervalMs)
      await Promise.all(lots.map((lot) => enqueue(deps, hand, lot, { token, askedMs })))
    },
  }
}

/** As many as the mailing's rate grants; the others go back. What is only noted as unknown needs no grant. */
async function enqueue(
  { rates, options, monotonicMs }: EngineDeps,
  hand: WorkInHand,
  { mailing, recipients, startedBefore }: ClaimedRetries,
  { token, askedMs }: { token: string; askedMs: number },
): Promise<void> {
  const work = createRetryWork(mailing, token, sendUntilMs(askedMs, options))
  const isNoted = (id: number) => startedBefore.has(id) && !options.deduplicates
  const noted = recipients.filter(({ messageId }) => isNoted(messageId))
  const sendable = recipients.filter(({ messageId }) => !isNoted(messageId))
  const { granted, retryInMs } =
    sendable.length === 0
      ? { granted: 0, retryInMs: 0 }
      : await rates.take(mailing.id, mailing.ratePerSecond, sendable.length)
  if (granted < sendable.length) {
    hand.rest(mailing.id, monotonicMs() + Math.max(retryInMs, MIN_REST_MS))
    const unused = sendable.slice(granted).map(({ messageId }) => messageId)
    hand.unusedRetries.set(token, [...(hand.unusedRetries.get(token) ?? []), ...unused])
  }
  const queued = [...noted, ...sendable.slice(0, granted)]
  hand.queue.push(
    queued.map((recipient) => ({
      ...{ work, mailing, recipient },
      startedBefore: startedBefore.has(recipient.messageId),
    })),
  )
}
