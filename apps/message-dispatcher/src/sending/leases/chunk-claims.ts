import { randomUUID } from 'node:crypto'
import { sendUntilMs, type EngineDeps } from '../engine-deps.ts'
import { createLostTokens } from './lost-tokens.ts'
import { RENEW_AFTER } from './lease-keeper.ts'
import type { LeasedWork } from './leased-work.ts'
import { countNotBegun, createChunkWork } from './work.ts'

/** Chunks of one claim. */
const CLAIM_CHUNKS = 16

/** Chunks that one process holds; those of mailings with a low rate are held for long. */
const MAX_CHUNKS = 256

/** Milliseconds until the next claim after one that got fewer chunks than it wanted. */
const POLL_MS = 50

/** Leases work, unless it is too early to try again. */
export interface Claims {
  /** When the next claim may find work, by the monotonic clock. */
  readonly nextMs: number
  /** There may be work now: the next claim does not wait. */
  expectWork(): void
  /** @param wanted messages, at most about @throws what the database throws */
  claim(wanted: number): Promise<void>
}

/** Leases chunks when few messages are left to begin, and at intervals for mailings of which no chunk is leased. */
export function createChunkClaims(deps: EngineDeps, leased: LeasedWork): Claims {
  const { store, clock, options, monotonicMs, owner } = deps
  const lost = createLostTokens(options.leaseMs, monotonicMs)
  let nextMs = 0
  /** The next claim for mailings of which no chunk is leased. */
  let nextSurveyMs = 0
  return {
    get nextMs() {
      return Math.min(nextMs, nextSurveyMs)
    },
    expectWork() {
      nextMs = 0
      nextSurveyMs = 0
    },
    async claim(wanted) {
      const requestedMs = monotonicMs()
      const { held, ready } = countHeld(leased, requestedMs)
      const isShort = ready < 2 * wanted && requestedMs >= nextMs
      if (!isShort && requestedMs < nextSurveyMs) return
      const limit = Math.min(CLAIM_CHUNKS, wanted, MAX_CHUNKS - leased.chunks.size)
      nextSurveyMs = requestedMs + options.intervalMs
      if (limit <= 0) {
        nextMs = nextSurveyMs
        return
      }
      const token = randomUUID()
      const backedOff = leased.backedOff(requestedMs).mailingIds
      const chunks = await lost.watch(token, () =>
        store.claimChunks({
          ...{ owner, token, limit, held, nowMs: clock.nowMs() },
          leaseMs: options.leaseMs,
          sendTimeoutMs: options.sendTimeoutMs,
          avoid: isShort ? backedOff : [...backedOff, ...held.keys()],
          lostTokens: lost.tokens(),
        }),
      )
      for (const chunk of chunks) {
        const renewAtMs = requestedMs + options.leaseMs * RENEW_AFTER
        leased.chunks.set(
          chunk.id,
          createChunkWork(chunk, token, sendUntilMs(requestedMs, options), renewAtMs),
        )
      }
      if (isShort && chunks.length < limit)
        nextMs = requestedMs + (chunks.length > 0 ? POLL_MS : options.intervalMs)
    },
  }
}

/** Counts the chunks of each mailing, and the messages that could be begun at once. */
function countHeld(leased: LeasedWork, nowMs: number) {
  const held = new Map<number, number>()
  let ready = 0
  for (const work of leased.chunks.values()) {
    held.set(work.mailingId, (held.get(work.mailingId) ?? 0) + 1)
    if (!leased.isBackedOff(work.mailingId, nowMs)) ready += countNotBegun(work)
  }
  return { held, ready }
}
