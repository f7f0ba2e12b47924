import type { SourceEntry } from '../sources/source-entry.ts'

/** Entries that are sent together. */
export interface Batch {
  /** How many entries of the file come before the first one. */
  readonly offset: number
  /** In the order of the file, refused ones included: they too are over and done with once the batch is. */
  readonly entries: readonly SourceEntry[]
  /** JSON texts of the items, without the refused entries. */
  readonly items: readonly BatchItem[]
}

export interface BatchItem {
  readonly position: number
  readonly text: string
}

/** Below the body limit of any server that takes batches at all. */
const MAX_BATCH_CHARS = 512 * 1024

/**
 * Cuts entries into batches.
 *
 * @param skip entries that are passed over
 * @param maxEntries largest batch; big items make smaller ones
 */
export async function* toBatches(
  source: AsyncIterable<SourceEntry>,
  skip: number,
  maxEntries: number,
): AsyncGenerator<Batch> {
  let offset = 0
  let entries: SourceEntry[] = []
  let items: BatchItem[] = []
  let chars = 0
  for await (const entry of source) {
    if (offset < skip) {
      offset++
      continue
    }
    const text = 'item' in entry ? JSON.stringify(entry.item) : ''
    if (entries.length >= maxEntries || (entries.length > 0 && chars + text.length > MAX_BATCH_CHARS)) {
      yield { offset, entries, items }
      offset += entries.length
      entries = []
      items = []
      chars = 0
    }
    entries.push(entry)
    if (text !== '') items.push({ position: entry.position, text })
    chars += text.length
  }
  if (entries.length > 0) yield { offset, entries, items }
}
