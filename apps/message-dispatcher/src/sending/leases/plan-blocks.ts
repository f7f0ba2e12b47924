import type { LeasedWork } from './leased-work.ts'
import { countNotBegun, type Work } from './work.ts'

export interface PlannedBlock {
  readonly work: Work
  readonly throughId: number
}

export interface PlanOptions {
  /** Messages, at most. */
  readonly wanted: number
  /** By the monotonic clock. */
  readonly nowMs: number
  /** Messages of one block, at most. */
  readonly size: number
}

/** With more mailings than this, the order of their turns is forgotten. */
const MAX_TURNS = 10_000

/** @returns the chunks of which a block can be begun at a moment of the monotonic clock */
export function readyChunks(leased: LeasedWork, nowMs: number): Work[] {
  return [...leased.chunks.values()].filter(
    (work) =>
      countNotBegun(work) > 0 && nowMs < work.sendUntilMs && !leased.isBackedOff(work.mailingId, nowMs),
  )
}

/**
 * Chooses the next blocks, at most one of each chunk. Mailings take turns, so that a huge one does not hold up a small
 * one: the one that has waited longest comes first.
 */
export function planBlocks(leased: LeasedWork, { wanted, nowMs, size }: PlanOptions): PlannedBlock[] {
  const byMailing = [...Map.groupBy(readyChunks(leased, nowMs), ({ mailingId }) => mailingId)]
  const lastTurn = (mailingId: number) => leased.turns.get(mailingId) ?? 0
  byMailing.sort(([a], [b]) => lastTurn(a) - lastTurn(b))
  if (leased.turns.size > MAX_TURNS) leased.turns.clear()
  let number = Math.max(0, ...leased.turns.values())
  const planned: PlannedBlock[] = []
  let left = wanted
  for (let place = 0; ; place++) {
    const turn = byMailing.flatMap(([, works]) => works[place] ?? [])
    if (turn.length === 0) return planned
    for (const work of turn) {
      if (left <= 0) return planned
      const count = Math.min(size, left, countNotBegun(work))
      planned.push({ work, throughId: work.begunThrough + count })
      leased.turns.set(work.mailingId, ++number)
      left -= count
    }
  }
}
