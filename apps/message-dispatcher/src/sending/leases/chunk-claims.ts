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
  /** @param wanted messages, at most about @param avoid mailings that are left out @throws what the database throws */
  claim(wanted: number, avoid?: Iterable<number>): Promise<void>
}

export interface ChunkClaims extends Claims {
  /** Leases chunks of mailings of which none is leased, once in a while: also where the queue is full of others. */
  survey(): Promise<void>
  /** Leases one chunk for a probe. @param avoid mailings that are left out @throws what the database throws */
  claimForProbe(avoid: Iterable<number>): Promise<void>
}

/** Leases chunks when few messages are left to begin, and at intervals for mailings of which no chunk is leased. */
export function createChunkClaims(deps: EngineDeps, leased: LeasedWork): ChunkClaims {
  const { store, clock, options, monotonicMs, owner } = deps
  const lost = createLostTokens(options.leaseMs, monotonicMs)
  let nextMs = 0
  /** The next claim for mailings of which no chunk is leased. */
  let nextSurveyMs = 0

  /** @returns how many */
  const lease = async (limit: number, avoid: readonly number[], held: ReadonlyMap<number, number>) => {
    const requestedMs = monotonicMs()
    const token = randomUUID()
    const chunks = await lost.watch(token, () =>
      store.claimChunks({
        ...{ owner, token, limit, held, avoid, nowMs: clock.nowMs() },
        channel: options.channelName,
        leaseMs: options.leaseMs,
        sendTimeoutMs: options.sendTimeoutMs,
        lostTokens: lost.tokens(),
      }),
    )
    for (const chunk of chunks) {
      const renewAtMs = requestedMs + options.leaseMs * RENEW_AFTER
      leased.chunks.set(chunk.id, createChunkWork(chunk, token, sendUntilMs(requestedMs, options), renewAtMs))
    }
    return chunks.length
  }

  const backedOff = () => leased.backedOff(monotonicMs()).mailingIds

  const claim = async (wanted: number, others: Iterable<number> = []) => {
    const requestedMs = monotonicMs()
    const { held, ready, troubled } = countHeld(leased, requestedMs)
    const isShort = ready < 2 * wanted && requestedMs >= nextMs
    if (!isShort && requestedMs < nextSurveyMs) return
    const limit = Math.min(CLAIM_CHUNKS, wanted, MAX_CHUNKS - leased.chunks.size)
    nextSurveyMs = requestedMs + options.intervalMs
    if (limit <= 0) {
      nextMs = nextSurveyMs
      return
    }
    // Of mailings that give way, enough is leased.
    const unwanted = troubled.ready >= 2 * wanted ? troubled.mailingIds : []
    const avoid = [...backedOff(), ...others, ...(isShort ? unwanted : held.keys())]
    const got = await lease(limit, avoid, held)
    if (isShort && got < limit) nextMs = requestedMs + (got > 0 ? POLL_MS : options.intervalMs)
  }

  return {
    get nextMs() {
      return Math.min(nextMs, nextSurveyMs)
    },
    expectWork() {
      nextMs = 0
      nextSurveyMs = 0
    },
    claim,
    async survey() {
      if (monotonicMs() >= nextSurveyMs)
        await claim(CLAIM_CHUNKS, countHeld(leased, monotonicMs()).held.keys())
    },
    async claimForProbe(avoid) {
      if (leased.chunks.size < MAX_CHUNKS) await lease(1, [...backedOff(), ...avoid], new Map())
    },
  }
}

/** Counts the chunks of each mailing, and the messages that could be begun at once: those that give way apart. */
function countHeld(leased: LeasedWork, nowMs: number) {
  const held = new Map<number, number>()
  const mailingIds = new Set<number>()
  let ready = 0
  let troubledReady = 0
  for (const work of leased.chunks.values()) {
    const { mailingId } = work
    held.set(mailingId, (held.get(mailingId) ?? 0) + 1)
    if (leased.isBackedOff(mailingId, nowMs)) continue
    if (!leased.shares.isTroubled(mailingId)) ready += countNotBegun(work)
    else {
      mailingIds.add(mailingId)
      troubledReady += countNotBegun(work)
    }
  }
  return { held, ready, troubled: { ready: troubledReady, mailingIds: [...mailingIds] } }
}
