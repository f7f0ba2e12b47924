import type { DeadLetterGroups, Deleted, DeleteFilter } from '../../api/dead-letters.ts'

interface DeleteAllOptions {
  /** What a person has seen and confirmed. */
  readonly seen: Pick<DeadLetterGroups, 'count' | 'newestId'>
  readonly filter: Omit<DeleteFilter, 'throughId' | 'count'>
  readonly send: (filter: DeleteFilter) => Promise<Deleted>
  /** Called after each request with how many have been deleted so far. */
  readonly onProgress: (deleted: number) => void
}

/** Deletes the letters that were seen, request after request, until none of them remains. */
export async function deleteAll({ seen, filter, send, onProgress }: DeleteAllOptions): Promise<void> {
  let { count } = seen
  let total = 0
  while (count > 0 && seen.newestId !== null) {
    const { deleted, remaining } = await send({ ...filter, throughId: seen.newestId, count })
    total += deleted
    onProgress(total)
    if (deleted === 0) break
    count = remaining
  }
}
