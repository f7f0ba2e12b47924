import { parseText } from '@runnel/json'

const BIGINT = 20
const NUMERIC = 1700
const JSON_TYPE = 114
const JSONB = 3802

/**
 * What both drivers make of a column's text, by the type's oid. Ids and prices are JavaScript numbers everywhere: ids
 * stay below 2^53, and prices came in as doubles. JSON is read by the parser that reads it at admission, for JSON.parse
 * alone gets some member names wrong.
 */
export const COLUMN_PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [BIGINT]: Number,
  [NUMERIC]: Number,
  [JSON_TYPE]: parseStored,
  [JSONB]: parseStored,
}

/** What is stored has been admitted: it is given back, however many odd names it has. */
function parseStored(text: string): unknown {
  return parseText(text, Infinity)
}
