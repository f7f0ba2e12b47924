import type { BegunBlock } from '@runnel/repositories-mailings'
import {
  BACKOFF_MS,
  BLOCK_MESSAGES,
  LEASE_MARGIN_MS,
  MIN_BACKOFF_MS,
  type EngineDeps,
} from '../engine-deps.ts'
import { countOf, planBlocks, type PlannedBlock } from './plan-blocks.ts'
import type { LeasedWork } from './leased-work.ts'

type BeginDeps = Pick<EngineDeps, 'store' | 'clock' | 'rates' | 'options' | 'monotonicMs'>

/**
 * Begins blocks of the leased chunks and puts their messages into the queue.
 *
 * @param wanted messages, at most
 * @throws what the database throws; the blocks are begun again then
 */
export async function beginMore(deps: BeginDeps, leased: LeasedWork, wanted: number): Promise<void> {
  const { store, clock, options, rates, monotonicMs } = deps
  const planned = await grant(
    deps,
    leased,
    planBlocks(leased, {
      ...{ wanted, nowMs: monotonicMs(), size: BLOCK_MESSAGES },
      background: leased.shares.backgroundAllowance(),
    }),
  )
  if (planned.length === 0) return
  const blocks = planned.map(({ work: { chunk, token, begunThrough }, throughId }) => ({
    ...{ chunkId: chunk!.id, token, throughId },
    afterId: begunThrough,
  }))
  const timing = { nowMs: clock.nowMs(), sendTimeoutMs: options.sendTimeoutMs }
  let begun: readonly BegunBlock[]
  try {
    begun = await store.beginBlocks(blocks, {
      ...timing,
      leaseLeftMs: options.sendTimeoutMs + LEASE_MARGIN_MS,
    })
  } catch (error) {
    for (const block of planned) rates.giveBack(block.work.mailingId, countOf(block))
    throw error
  }
  const byChunk = new Map(begun.map((block) => [block.chunkId, block]))
  for (const block of planned) enqueue(deps, leased, block, byChunk.get(block.work.chunk!.id))
}

/** Shortens blocks to what the rates of their mailings grant. */
async function grant(
  { rates, monotonicMs }: BeginDeps,
  leased: LeasedWork,
  planned: readonly PlannedBlock[],
) {
  const byMailing = Map.groupBy(planned, ({ work }) => work.mailingId)
  const cut = await Promise.all(
    [...byMailing].map(async ([mailingId, blocks]) => {
      const wanted = blocks.reduce((sum, block) => sum + countOf(block), 0)
      const { granted, retryInMs } = await rates.take(mailingId, blocks[0]!.work.ratePerSecond, wanted)
      if (granted < wanted) leased.backOff(mailingId, monotonicMs() + Math.max(retryInMs, MIN_BACKOFF_MS))
      return cutTo(blocks, granted)
    }),
  )
  return cut.flat()
}

function cutTo(blocks: readonly PlannedBlock[], granted: number): PlannedBlock[] {
  let left = granted
  return blocks.flatMap((block) => {
    const { work } = block
    const count = Math.min(left, countOf(block))
    left -= count
    return count > 0 ? { work, throughId: work.begunThrough + count } : []
  })
}

/** @param begun undefined where the database refused: the mailing is not running, or the lease was lost */
function enqueue(
  { rates, monotonicMs }: BeginDeps,
  leased: LeasedWork,
  { work, throughId }: PlannedBlock,
  begun: BegunBlock | undefined,
): void {
  const unused = throughId - work.begunThrough - (begun?.recipients.length ?? 0)
  if (unused > 0) rates.giveBack(work.mailingId, unused)
  if (!begun) {
    leased.backOff(work.mailingId, monotonicMs() + BACKOFF_MS)
    return leased.stop(work)
  }
  leased.shares.count(work, begun.recipients.length)
  work.begunThrough = throughId
  work.ratePerSecond = begun.mailing.ratePerSecond
  const startedBefore = work.chunk!.startedThrough
  leased.queue.push(
    begun.recipients.map((recipient) => ({
      ...{ work, recipient, mailing: begun.mailing },
      startedBefore: recipient.messageId <= startedBefore,
    })),
  )
  // It was stopped meanwhile: what was begun is given back.
  if (work.stopped) leased.stop(work)
}
