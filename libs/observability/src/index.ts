export { createLogger, type Logger } from './logger.ts'
export { counter, createMetrics, gauge, histogram, type Metrics } from './metrics.ts'
export { parseExposition, type Sample } from './parse-exposition.ts'
export { tallies, type Tally } from './tallies.ts'
