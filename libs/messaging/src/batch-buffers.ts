import { BufferPool } from './buffer-pool.ts'

/**
 * Of events on their way to the broker, and of their envelopes: of as many requests as a busy process has under way. With 8 in place of 64,
 * a sixth of the processor time of requests to `_bulk` was the collector's (docs/PERFORMANCE.md).
 */
export const batchBuffers = new BufferPool({ maxBuffers: 64, maxBytes: 2 * 1024 * 1024, idleMs: 5_000 })
