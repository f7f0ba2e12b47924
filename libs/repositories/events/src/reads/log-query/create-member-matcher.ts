import {
  canonicalNumber,
  compareDecimals,
  isExactNumber,
  type JsonNumber,
  type JsonValue,
} from '@runnel/contracts'
import { isNumber, type CompareTest, type LogQuery } from '@runnel/contracts/log-query'
import { jsonbText } from '../jsonb-text.ts'
import type { SearchableLog } from '../searchable-log.ts'
import { memberPlaces } from './member-places.ts'
import { NUMERIC_TEXT } from './numeric-text.ts'
import { createValueMatcher } from './text-matchers.ts'

type MemberLeaf = Extract<LogQuery, { kind: 'member' }>

/** The same as memberSql, for entries in this process. */
export function createMemberMatcher({ path, test }: MemberLeaf): (log: SearchableLog) => boolean {
  const places = memberPlaces(path)
  const matches = createTest(test)
  return (log) => log.valuesAt(places).some(matches)
}

function createTest(test: MemberLeaf['test']): (value: JsonValue) => boolean {
  if (test.test === 'exists') return (value) => value !== null
  if (test.test === 'compare') return (value) => compares(value, test)
  if (test.test === 'equals') {
    const equals = createScalarMatcher(test.text)
    return (value) => (Array.isArray(value) ? value.some(equals) : equals(value))
  }
  const matches = createValueMatcher(test)
  const matchesItem = (value: JsonValue) => value !== null && matches(textOf(value))
  return (value) => (Array.isArray(value) ? value.some(matchesItem) : matchesItem(value))
}

/** As `#>>` gives it. */
function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : jsonbText(value)
}

/** A text, a number of the same value, true or false. */
function createScalarMatcher(text: string): (value: JsonValue) => boolean {
  const number = isNumber(text) ? canonicalNumber(JSON.rawJSON(text)) : undefined
  return (value) => {
    if (typeof value === 'string') return value === text
    if (typeof value === 'boolean') return String(value) === text
    return isJsonNumber(value) && number !== undefined && canonicalNumber(value) === number
  }
}

function isJsonNumber(value: JsonValue): value is JsonNumber {
  return typeof value === 'number' || isExactNumber(value)
}

const NUMERIC = new RegExp(NUMERIC_TEXT)

const HOLDS = {
  '>': (difference: number) => difference > 0,
  '>=': (difference: number) => difference >= 0,
  '<': (difference: number) => difference < 0,
  '<=': (difference: number) => difference <= 0,
}

function compares(value: JsonValue, { operator, number }: CompareTest): boolean {
  const text = isJsonNumber(value) ? jsonbText(value) : value
  if (typeof text !== 'string' || (!isJsonNumber(value) && !NUMERIC.test(text))) return false
  return HOLDS[operator](compareDecimals(text, number))
}
