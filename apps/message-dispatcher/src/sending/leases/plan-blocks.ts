import type { LeasedWork } from './leased-work.ts'
import { BACKGROUND_SHARE } from './shares.ts'
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
  /** Of them, those of mailings that give way to others. */
  readonly background: number
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
 * one: the one that has waited longest comes first. Those that give way have their small part.
 */
export function planBlocks(leased: LeasedWork, options: PlanOptions): PlannedBlock[] {
  const { wanted, background } = options
  const ready = readyChunks(leased, options.nowMs)
  const giving = ready.filter((work) => leased.shares.isBackground(work))
  const others = ready.filter((work) => !leased.shares.isBackground(work))
  const reserved = giving.length === 0 ? 0 : Math.min(background, Math.ceil(wanted * BACKGROUND_SHARE))
  const first = plan(leased, others, { ...options, wanted: wanted - reserved })
  const left = wanted - first.reduce((sum, block) => sum + countOf(block), 0)
  return [...first, ...plan(leased, giving, { ...options, wanted: Math.min(left, background) })]
}

/** Whether anything can be begun now. */
export function canBegin(leased: LeasedWork, nowMs: number): boolean {
  const ready = readyChunks(leased, nowMs).filter(({ mailingId }) => leased.roomFor(mailingId) > 0)
  const isAllowed = leased.shares.backgroundAllowance() >= 1
  return ready.some((work) => isAllowed || !leased.shares.isBackground(work))
}

/** @returns messages of a block */
export function countOf({ work, throughId }: PlannedBlock): number {
  return throughId - work.begunThrough
}

function plan(leased: LeasedWork, ready: readonly Work[], { wanted, size }: PlanOptions): PlannedBlock[] {
  const byMailing = [...Map.groupBy(ready, ({ mailingId }) => mailingId)]
  const room = new Map(byMailing.map(([id]) => [id, leased.roomFor(id)]))
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
      const count = Math.min(size, left, countNotBegun(work), room.get(work.mailingId)!)
      if (count === 0) continue
      room.set(work.mailingId, room.get(work.mailingId)! - count)
      planned.push({ work, throughId: work.begunThrough + count })
      leased.turns.set(work.mailingId, ++number)
      left -= count
    }
  }
}
