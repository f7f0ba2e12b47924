/** What reads other people's bytes, for tools/fuzz. */
export {
  encodeEventCursor,
  encodeIdCursor,
  encodeNameCursor,
  parseEventCursor,
  parseIdCursor,
  parseNameCursor,
} from './params/cursor.ts'
export { parseId } from './params/id.ts'
export { encodeProductCursor, parseProductCursor } from './params/product-cursor.ts'
export { toListOptions } from './params/product-query.ts'
export { SORT_NAMES } from './params/product-sort.ts'
export { parseStep, stepStarts } from './params/step.ts'
export { parseClosedRange, parseRange } from './params/time-range.ts'
export { parseLogConditions } from './routes/log-query.ts'
export { parsePageQuery } from './routes/page-query.ts'
export { parseLogNotice } from './tail/parse-notice.ts'
