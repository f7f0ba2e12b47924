import { AppError } from '@runnel/contracts'
import { parseTags, type Tags } from './parse-tags.ts'

/** What a type of statsd is in Runnel's words. */
const TYPES: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map([
  ['c', { kind: 'sum', temporality: 'delta', monotonic: false }],
  ['g', { kind: 'gauge' }],
  ['ms', { kind: 'timer', unit: 'ms' }],
  ['h', { kind: 'sample' }],
  ['d', { kind: 'sample' }],
  ['s', { kind: 'set' }],
])

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/
/** Each value is a row with the name and the tags of its line. */
const MAX_VALUES = 1000
/** Of the JSON texts of a line, each of which has all of its tags. */
const MAX_ROWS_LENGTH = 1024 ** 2
const EPOCH = /^\d{1,12}$/

/** Sections behind the type: `|@0.1|#a:b|T1700000000`. */
interface Sections {
  readonly rate: number
  readonly tags: Tags | undefined
  readonly seconds: number | undefined
  readonly container: string | undefined
}

/**
 * Reads `name:value|type|@rate|#tags`, with several values where DogStatsD packs them, and with tags in the name as Graphite and InfluxDB
 * write them. A row for each value: a counter's is divided by its sample rate, all others are what was measured.
 *
 * @returns JSON texts of metrics
 * @throws AppError invalid_field
 */
export function parseMetric(line: string): string[] {
  const bar = line.indexOf('|')
  const colon = bar < 0 ? -1 : line.slice(0, bar).indexOf(':')
  if (colon < 1) throw malformed('expected name:value|type')
  const [type = '', ...more] = line.slice(bar + 1).split('|')
  const shape = TYPES.get(type)
  if (shape === undefined) throw malformed('expected one of the types c, g, ms, h, d, s')
  const { name, tags } = splitName(line.slice(0, colon))
  const sections = readSections(more)
  const base = {
    name,
    tags: { ...tags, ...sections.tags },
    ...(sections.seconds !== undefined && { timestamp: sections.seconds }),
    ...(sections.container !== undefined && { container: sections.container }),
    ...(sections.rate !== 1 && { sampleRate: sections.rate }),
    ...shape,
  }
  const values = line.slice(colon + 1, bar)
  if (type === 's') return [JSON.stringify({ data: { ...base, member: values } })]
  const texts = values.split(':')
  if (texts.length > MAX_VALUES) throw tooMany()
  const rows: string[] = []
  let length = 0
  for (const value of texts) {
    const row = JSON.stringify({ data: { ...base, ...readValue(value, type, sections.rate) } })
    length += row.length
    // One by itself always passes: the limit of an event bounds it.
    if (length > MAX_ROWS_LENGTH && texts.length > 1) throw tooMany()
    rows.push(row)
  }
  return rows
}

function tooMany(): AppError {
  return malformed(`expected at most ${MAX_VALUES} values, and not all of its tags for each of very many`)
}

function splitName(text: string): { readonly name: string; readonly tags: Tags } {
  const [name = '', ...tags] = text.split(/[;,]/)
  const isTagged = tags.length > 0 && name !== '' && tags.every((tag) => tag.indexOf('=') > 0)
  return isTagged ? { name, tags: parseTags(tags, '=') } : { name: text, tags: {} }
}

/** @throws AppError for an invalid rate; unknown parts are ignored, for senders may be newer than this */
function readSections(texts: readonly string[]): Sections {
  let rate = 1
  let tags: Tags | undefined
  let seconds: number | undefined
  let container: string | undefined
  for (const text of texts) {
    if (text.startsWith('@')) rate = readRate(text.slice(1))
    else if (text.startsWith('#')) tags = parseTags(text.slice(1).split(','), ':')
    else if (text.startsWith('T') && EPOCH.test(text.slice(1))) seconds = Number(text.slice(1))
    else if (text.startsWith('c:')) container = text.slice(2)
  }
  return { rate, tags, seconds, container }
}

function readRate(text: string): number {
  const rate = NUMBER.test(text) ? Number(text) : NaN
  if (!(rate > 0 && rate <= 1)) throw malformed('expected a sample rate above 0 and up to 1')
  return rate
}

/** A gauge with a sign may be meant as a change or as a number below zero: it is kept as it was sent, and marked. */
function readValue(text: string, type: string, rate: number): Readonly<Record<string, unknown>> {
  if (!NUMBER.test(text)) throw malformed('expected a number')
  const value = Number(text)
  if (!Number.isFinite(value)) throw malformed('expected a number that a double holds')
  if (type === 'c') return { value: value / rate, ...exact(text, value / rate, rate) }
  const isSigned = type === 'g' && /^[+-]/.test(text)
  return { value, ...exact(text, value, 1), ...(isSigned && { signed: true }) }
}

/** An integer that a double does not hold keeps its digits. */
function exact(text: string, value: number, rate: number): { readonly exact?: string } {
  const isInteger = rate === 1 && /^[+-]?\d+$/.test(text)
  return isInteger && !Number.isSafeInteger(value) ? { exact: text.replace(/^\+/, '') } : {}
}

function malformed(expected: string): AppError {
  return new AppError('invalid_field', `The line is no metric of statsd: ${expected}`)
}
