import type { WorkInHand } from './leased-work.ts'
import { unbegun, type Work } from './work.ts'

export interface PlannedBlock {
  readonly work: Work
  readonly throughId: number
}

export interface PlanOptions {
  /** Messages that are wanted. */
  readonly room: number
  /** By the monotonic clock. */
  readonly nowMs: number
  /** Messages of a block, at most. */
  readonly size: number
}

/** Turns of more mailings than this are forgotten. */
const MAX_TURNS = 10_000

/** @returns chunks of which a block could be begun at a moment of the monotonic clock */
export function beginnable(hand: WorkInHand, nowMs: number): Work[] {
  return [...hand.chunks.values()].filter(
    (work) => unbegun(work) > 0 && nowMs < work.sendUntilMs && !hand.isResting(work.mailingId, nowMs),
  )
}

/**
 * Chooses the next blocks, at most one of each chunk. Mailings take turns, so that a huge one does not hold up a small
 * one: whoever waits longest comes first.
 */
export function planBlocks(hand: WorkInHand, { room, nowMs, size }: PlanOptions): PlannedBlock[] {
  const byMailing = [...Map.groupBy(beginnable(hand, nowMs), ({ mailingId }) => mailingId)]
  const lastTurn = (mailingId: number) => hand.turns.get(mailingId) ?? 0
  byMailing.sort(([a], [b]) => lastTurn(a) - lastTurn(b))
  if (hand.turns.size > MAX_TURNS) hand.turns.clear()
  let number = Math.max(0, ...hand.turns.values())
  const planned: PlannedBlock[] = []
  let left = room
  for (let place = 0; ; place++) {
    const turn = byMailing.flatMap(([, works]) => works[place] ?? [])
    if (turn.length === 0) return planned
    for (const work of turn) {
      if (left <= 0) return planned
      const count = Math.min(size, left, unbegun(work))
      planned.push({ work, throughId: work.begunThrough + count })
      hand.turns.set(work.mailingId, ++number)
      left -= count
    }
  }
}
