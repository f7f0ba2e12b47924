import { randomUUID } from 'node:crypto'
import { sendUntilMs, type EngineDeps } from '../engine-deps.ts'
import { createLostTokens } from './lost-tokens.ts'
import { RENEW_AFTER } from './lease-keeper.ts'
import type { WorkInHand } from './leased-work.ts'
import { createChunkWork, unbegun } from './work.ts'

/** Chunks of one claim. */
const CLAIM_CHUNKS = 16

/** Chunks that one process holds; those of mailings with a low rate are held for long. */
const MAX_CHUNKS = 256

/** Milliseconds after a claim that got fewer than it wanted. */
const POLL_MS = 50

/** Leases work when it is time. */
export interface Claims {
  /** When the next claim may bring something, by the monotonic clock. */
  readonly nextMs: number
  /** Somebody says that there may be something now. */
  expect(): void
  /** @param room messages that are wanted @throws what the database throws */
  claim(room: number): Promise<void>
}

/** Leases chunks when few messages are left to begin, and now and then for mailings of which none is in hand. */
export function createChunkClaims(deps: EngineDeps, hand: WorkInHand): Claims {
  const { store, clock, options, monotonicMs, owner } = deps
  const lost = createLostTokens(options.leaseMs, monotonicMs)
  let nextMs = 0
  let lookAroundMs = 0
  return {
    get nextMs() {
      return Math.min(nextMs, lookAroundMs)
    },
    expect() {
      nextMs = 0
      lookAroundMs = 0
    },
    async claim(room) {
      const askedMs = monotonicMs()
      const { held, ready } = countHeld(hand, askedMs)
      const isShort = ready < 2 * room && askedMs >= nextMs
      if (!isShort && askedMs < lookAroundMs) return
      const limit = Math.min(CLAIM_CHUNKS, room, MAX_CHUNKS - hand.chunks.size)
      lookAroundMs = askedMs + options.intervalMs
      if (limit <= 0) {
        nextMs = lookAroundMs
        return
      }
      const token = randomUUID()
      const resting = hand.resting(askedMs).mailingIds
      const chunks = await lost.watch(token, () =>
        store.claimChunks({
          ...{ owner, token, limit, held, nowMs: clock.nowMs() },
          leaseMs: options.leaseMs,
          sendTimeoutMs: options.sendTimeoutMs,
          avoid: isShort ? resting : [...resting, ...held.keys()],
          lostTokens: lost.tokens(),
        }),
      )
      for (const chunk of chunks) {
        const renewAtMs = askedMs + options.leaseMs * RENEW_AFTER
        hand.chunks.set(chunk.id, createChunkWork(chunk, token, sendUntilMs(askedMs, options), renewAtMs))
      }
      if (isShort && chunks.length < limit)
        nextMs = askedMs + (chunks.length > 0 ? POLL_MS : options.intervalMs)
    },
  }
}

/** Chunks of each mailing, and messages that could be begun at once. */
function countHeld(hand: WorkInHand, nowMs: number) {
  const held = new Map<number, number>()
  let ready = 0
  for (const work of hand.chunks.values()) {
    held.set(work.mailingId, (held.get(work.mailingId) ?? 0) + 1)
    if (!hand.isResting(work.mailingId, nowMs)) ready += unbegun(work)
  }
  return { held, ready }
}
