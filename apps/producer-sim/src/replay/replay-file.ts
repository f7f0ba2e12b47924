import type { IngestClient } from '../http/ingest-client.ts'
import type { RetryOptions } from '../http/post-until-answered.ts'
import type { Source } from '../sources/open-source.ts'
import { toBatches, type Batch } from './batches.ts'
import type { Pacer } from './pacer.ts'
import { sendBatch, type Rejection } from './send-batch.ts'
import { Watermark } from './watermark.ts'

export interface ReplayOptions {
  readonly client: IngestClient
  readonly batchSize: number
  /** Batches under way at once. */
  readonly concurrency: number
  readonly pace: Pacer
  readonly retry: RetryOptions
  /** Entries that an earlier replay has confirmed. */
  readonly skip: number
  /**
   * Called after each batch.
   *
   * @param confirmed entries from the start of the file that are done without a gap
   * @param done entries of this replay that are done
   */
  readonly onProgress: (confirmed: number, done: number) => Promise<void>
}

export interface ReplayCounts {
  /** Entries that this replay got through. */
  entries: number
  accepted: number
  rejected: number
  /** The first of the rejected ones. */
  readonly rejections: Rejection[]
}

const MAX_KEPT_REJECTIONS = 1000

/**
 * Sends the entries of a file in batches, several at once. Each item has its key, so that whatever is sent twice is
 * stored once.
 *
 * @param counts counted up as it goes, so that they are known too when it fails
 * @throws DeliveryError, or the signal's reason when it aborts
 */
export async function replayFile(
  source: Source,
  options: ReplayOptions,
  counts: ReplayCounts,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const batches = toBatches(source.entries(), options.skip, options.batchSize)
  const watermark = new Watermark(options.skip)
  const work = async () => {
    // Generators queue concurrent calls of next(): each worker gets batches of its own.
    for (let next = await batches.next(); !next.done; next = await batches.next()) {
      const batch = next.value
      await options.pace(batch.items.length, either)
      const rejections = await sendBatch(options.client, source.kind, batch.items, either, options.retry)
      count(counts, batch, rejections)
      watermark.add(batch.offset, batch.entries.length)
      await options.onProgress(watermark.done, counts.entries)
    }
  }
  const workers = Array.from({ length: options.concurrency }, () =>
    work().catch((error: unknown) => {
      failed.abort(error)
      throw error
    }),
  )
  const outcomes = await Promise.allSettled(workers)
  if (outcomes.some((outcome) => outcome.status === 'rejected')) throw either.reason
}

function count(counts: ReplayCounts, batch: Batch, rejections: readonly Rejection[]): void {
  const refused = batch.entries.flatMap((entry) =>
    'refusal' in entry ? [{ position: entry.position, ...entry.refusal }] : [],
  )
  const all = [...refused, ...rejections].sort((a, b) => a.position - b.position)
  counts.entries += batch.entries.length
  counts.rejected += all.length
  counts.accepted += batch.entries.length - all.length
  counts.rejections.push(...all.slice(0, MAX_KEPT_REJECTIONS - counts.rejections.length))
}
