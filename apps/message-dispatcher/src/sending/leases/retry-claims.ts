import type { ClaimedRetries } from '@runnel/repositories-mailings'
import { randomUUID } from 'node:crypto'
import type { Claims } from './chunk-claims.ts'
import { MIN_BACKOFF_MS, sendUntilMs, type EngineDeps } from '../engine-deps.ts'
import { createLostTokens } from './lost-tokens.ts'
import type { LeasedWork } from './leased-work.ts'
import { createRetryWork } from './work.ts'

/** Messages of one claim, at most: messages of chunks need room in the queue as well. */
const CLAIM_RETRIES = 128

/** Milliseconds until the next claim after one that got fewer messages than it wanted, or was not to take any. */
const POLL_MS = 100

/** Leases messages whose next attempt is due. */
export function createRetryClaims(deps: EngineDeps, leased: LeasedWork): Claims {
  const { store, clock, options, monotonicMs, owner } = deps
  const lost = createLostTokens(options.leaseMs, monotonicMs)
  let nextMs = 0
  return {
    get nextMs() {
      return nextMs
    },
    expectWork() {
      nextMs = 0
    },
    async claim(wanted, avoid = []) {
      const requestedMs = monotonicMs()
      if (requestedMs < nextMs) return
      const limit = Math.min(CLAIM_RETRIES, Math.ceil(wanted / 2), leased.shares.backgroundAllowance())
      if (limit <= 0) {
        nextMs = requestedMs + POLL_MS
        return
      }
      const token = randomUUID()
      const lots = await lost.watch(token, () =>
        store.claimRetries({
          ...{ owner, token, limit, nowMs: clock.nowMs() },
          channel: options.channelName,
          leaseMs: options.leaseMs,
          sendTimeoutMs: options.sendTimeoutMs,
          avoid: [...leased.backedOff(requestedMs).mailingIds, ...avoid],
          lostTokens: lost.tokens(),
        }),
      )
      const got = lots.reduce((sum, { recipients }) => sum + recipients.length, 0)
      if (got < limit) nextMs = requestedMs + (got > 0 ? POLL_MS : options.intervalMs)
      await Promise.all(lots.map((lot) => enqueue(deps, leased, lot, { token, requestedMs })))
    },
  }
}

/** Queues as many as the mailing's rate grants, and gives the others back. What is only recorded as unknown needs no grant. */
async function enqueue(
  { rates, options, monotonicMs }: EngineDeps,
  leased: LeasedWork,
  { mailing, recipients, startedBefore }: ClaimedRetries,
  { token, requestedMs }: { token: string; requestedMs: number },
): Promise<void> {
  const work = createRetryWork(mailing, token, sendUntilMs(requestedMs, options))
  const isOnlyRecorded = (id: number) => startedBefore.has(id) && !options.deduplicates
  const recorded = recipients.filter(({ messageId }) => isOnlyRecorded(messageId))
  const sendable = recipients.filter(({ messageId }) => !isOnlyRecorded(messageId))
  const { granted, retryInMs } =
    sendable.length === 0
      ? { granted: 0, retryInMs: 0 }
      : await rates.take(mailing.id, mailing.ratePerSecond, sendable.length)
  if (granted < sendable.length) {
    leased.backOff(mailing.id, monotonicMs() + Math.max(retryInMs, MIN_BACKOFF_MS))
    const unused = sendable.slice(granted).map(({ messageId }) => messageId)
    leased.unusedRetries.set(token, [...(leased.unusedRetries.get(token) ?? []), ...unused])
  }
  const queued = [...recorded, ...sendable.slice(0, granted)]
  leased.shares.count(work, queued.length)
  leased.queue.push(
    queued.map((recipient) => ({
      ...{ work, mailing, recipient },
      startedBefore: startedBefore.has(recipient.messageId),
    })),
  )
}
