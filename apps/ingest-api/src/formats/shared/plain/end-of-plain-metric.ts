import { MAX_INDEXED_TEXT_BYTES, parseTimestamp } from '@runnel/contracts'
import { endOfPlainJson, NOT_PLAIN, type MemberJudge } from '@runnel/json'
import { isMember, OWN_KEY } from './is-member.ts'

const QUOTE = 0x22
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const ARRAY_START = 0x5b
const OBJECT_START = 0x7b

const DATA = Buffer.from('data')
const NAME = Buffer.from('name')
const VALUE = Buffer.from('value')
const UNIT = Buffer.from('unit')
const TAGS = Buffer.from('tags')
const TIMESTAMP = Buffer.from('timestamp')

/** @returns the index behind a metric that fits its schema and has no key of its own; see endOfPlainJson */
export function endOfPlainMetric(bytes: Uint8Array, from: number): number {
  let hasData = false
  const end = endOfPlainJson(bytes, from, (_, nameFrom, nameTo, valueFrom) => {
    if (isMember(bytes, nameFrom, nameTo, OWN_KEY)) return false
    if (!isMember(bytes, nameFrom, nameTo, DATA)) return true
    hasData = true
    return endOfPlainJson(bytes, valueFrom, isPlainPart) !== NOT_PLAIN
  })
  return hasData ? end : NOT_PLAIN
}

/** Of what was measured. Numbers are told by their first byte: that it is JSON is known. */
const isPlainPart: MemberJudge = (bytes, nameFrom, nameTo, valueFrom, valueTo) => {
  const isPart = (name: Uint8Array) => isMember(bytes, nameFrom, nameTo, name)
  const first = bytes[valueFrom]!
  if (isPart(VALUE)) return isNumber(first)
  if (isPart(NAME)) return first === QUOTE && valueTo - valueFrom <= MAX_INDEXED_TEXT_BYTES
  if (isPart(UNIT)) return first === QUOTE
  if (isPart(TAGS)) return endOfPlainJson(bytes, valueFrom, isPlainTag) !== NOT_PLAIN
  return !isPart(TIMESTAMP) || isPlainTime(bytes, valueFrom, valueTo)
}

const isPlainTag: MemberJudge = (bytes, _nameFrom, _nameTo, valueFrom) => {
  const first = bytes[valueFrom]
  return first !== OBJECT_START && first !== ARRAY_START
}

function isNumber(first: number): boolean {
  return first === MINUS || (first >= ZERO && first <= NINE)
}

/** The usual forms are shorter, and numbers of more digits than a double has are read as texts. */
const MAX_TIME_BYTES = 40
const DIGITS = /^\d{1,15}$/

function isPlainTime(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > MAX_TIME_BYTES) return false
  const written = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  const isText = bytes[from] === QUOTE
  if (!isText && !DIGITS.test(written)) return false
  return parseTimestamp(isText ? written.slice(1, -1) : Number(written)) !== undefined
}
