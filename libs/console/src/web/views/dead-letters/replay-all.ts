import type { Replayed, ReplayFilter } from '../../api/dead-letters.ts'

/** Letters that one request replays. */
const BATCH = 1000
/** So that letters which fail again and again cannot keep it going for ever. */
const MAX_BATCHES = 1000

interface ReplayAllOptions {
  readonly filter: Omit<ReplayFilter, 'limit'>
  readonly send: (filter: ReplayFilter) => Promise<Replayed>
  /** Called after each request with how many have been replayed so far. */
  readonly onProgress: (replayed: number) => void
}

/** Replays letters, request after request, until there are no more. @returns how many */
export async function replayAll({ filter, send, onProgress }: ReplayAllOptions): Promise<number> {
  let total = 0
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const { replayed } = await send({ ...filter, limit: BATCH })
    total += replayed
    onProgress(total)
    if (replayed < BATCH) break
  }
  return total
}
