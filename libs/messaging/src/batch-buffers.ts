import { BufferPool } from './buffer-pool.ts'

/** Of events on their way to the broker, and of their envelopes: as many as are under way at a time, and not more than a broker takes. */
export const batchBuffers = new BufferPool({ maxBuffers: 8, maxBytes: 2 * 1024 * 1024 })
