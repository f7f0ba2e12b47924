/** Parsers of untrusted bytes, for tools/fuzz. */
export type { ReadMessage } from './incoming-event.ts'
export { promoteBatch } from './promote-batch.ts'
export { promoteLog } from './promote/promote-log.ts'
export { promoteMetric } from './promote/promote-metric.ts'
export { promoteProduct } from './promote/promote-product.ts'
export { promoteSpan } from './promote/promote-span.ts'
export { readMessage } from './read-message.ts'
