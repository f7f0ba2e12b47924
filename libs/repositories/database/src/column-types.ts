import { parseText } from '@runnel/json'

const BIGINT = 20
const BIGINT_ARRAY = 1016
const NUMERIC = 1700
const JSON_TYPE = 114
const JSONB = 3802

/**
 * What both drivers make of a column's text, by the type's oid. Ids are JavaScript numbers everywhere, for they stay
 * below 2^53. Decimals are sums and times; prices, whose digits all count, are selected as JSON. That is read by the parser
 * that reads it at admission, for a double would change numbers of it.
 */
export const COLUMN_PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [BIGINT]: Number,
  [BIGINT_ARRAY]: parseIds,
  [NUMERIC]: Number,
  [JSON_TYPE]: parseStored,
  [JSONB]: parseStored,
}

/** @param text such as `{1,2}`, without nulls and of one dimension */
function parseIds(text: string): number[] {
  const inside = text.slice(1, -1)
  return inside === '' ? [] : inside.split(',').map(Number)
}

/** What is stored has been admitted: it is given back, however many odd names it has. */
function parseStored(text: string): unknown {
  return parseText(text, Infinity)
}
