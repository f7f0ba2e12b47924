import { AppError } from '@runnel/contracts'
import {
  parseClosedRange,
  parseId,
  parseLogConditions,
  parsePageQuery,
  parseRange,
  parseStep,
  stepStarts,
  toListOptions,
} from '@runnel/query-api/parsers'
import { countLogs, listLogs, listMetrics, listProducts, readMetricSeries } from '@runnel/repositories-events'
import fc from 'fast-check'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText, parameterText } from '../inputs/hostile-text.ts'
import { mutatedText } from '../inputs/mutate.ts'
import { defineTarget } from '../target.ts'

const POINTS = 2000
const NOW_MS = Date.UTC(2026, 10, 20)
const PAGE = { limit: 10, maxBytes: 1024 ** 2 }

const time = fc.oneof(
  mutatedText(
    fc.constantFrom(
      '2026-11-20T08:00:00Z',
      '2026-11-19',
      '1763620000',
      '1763620000000',
      '-62135596800',
      '9999-12-31',
    ),
  ),
  fc.integer().map(String),
)
const step = mutatedText(fc.constantFrom('30s', '5m', '1h', '1d', '1ms', '999999999d', '0s'))
const search = fc.oneof(
  parameterText(),
  fc
    .array(fc.oneof(parameterText(8), fc.constantFrom('-', '"', ' ', '-"')))
    .map((parts) => parts.join(' ').slice(0, 200).toWellFormed()),
)
const attributes = (prefix: string) =>
  fc.dictionary(
    parameterText(8)
      .filter((name) => name !== '')
      .map((name) => prefix + name),
    parameterText(),
    { maxKeys: 11 },
  )

interface LogParameters {
  readonly [name: string]: string | string[]
}

const logParameters: fc.Arbitrary<LogParameters> = fc
  .tuple(
    fc.record(
      {
        q: search,
        level: fc.oneof(parameterText(), fc.array(parameterText(), { maxLength: 20 })),
        service: parameterText(),
        from: time,
        to: time,
        step,
      },
      { requiredKeys: [] },
    ),
    attributes('attr.'),
    attributes('tag.'),
  )
  .map(([known, attr, tag]) => ({ ...known, ...attr, ...tag }) as LogParameters)

interface ParsedLogs {
  readonly conditions: ReturnType<typeof parseLogConditions>
  readonly range: ReturnType<typeof parseClosedRange>
  readonly stepMs: number
}

/** Filters of logs and metrics, their ranges and steps; the SQL made of them is tried. */
export const filters = defineTarget<LogParameters>({
  name: 'filters',
  inputs: logParameters,
  worst: () => [
    { name: 'quotes', input: () => ({ q: '"'.repeat(200) }) },
    { name: 'open quotes', input: () => ({ q: `"${'a '.repeat(99)}` }) },
    { name: 'levels', input: () => ({ level: ','.repeat(512) }) },
    { name: 'the longest range', input: () => ({ from: '0001-01-01', to: '9999-12-31' }) },
  ],
  parse(parameters): ParsedLogs {
    const conditions = parseLogConditions(parameters)
    parseRange(parameters, NOW_MS)
    const range = parseClosedRange(parameters, NOW_MS)
    return { conditions, range, stepMs: parseStep(parameters['step'] as string | undefined, range, POINTS) }
  },
  check(_, outcome) {
    ensureDocumented(outcome, (error) => error instanceof AppError && error.code === 'invalid_field')
    if ('error' in outcome) return
    const { conditions, range, stepMs } = outcome.value as ParsedLogs
    const { words = [], without = [], attributes: members = [] } = conditions
    ensure(range.fromMs < range.toMs && stepMs >= 1, 'the range is not valid')
    ensure(stepStarts(range, stepMs).length <= POINTS, 'there are too many steps')
    ensure(words.length + without.length <= 10 && members.length <= 10, 'there are too many conditions')
    ensure(
      [...words, ...without].every((word) => word !== ''),
      'a word is empty',
    )
  },
  async trial(outcome, { database }) {
    if ('error' in outcome) return
    const { conditions, range, stepMs } = outcome.value as ParsedLogs
    await accept(() => listLogs(database, { ...conditions, ...range }, PAGE))
    await accept(() => countLogs(database, { ...conditions, ...range }, stepMs))
    const tags = conditions.attributes ?? []
    const name = conditions.service ?? 'x'
    await accept(() => listMetrics(database, { ...range, name, tags }, PAGE))
    await accept(() =>
      readMetricSeries(
        database,
        { ...range, name, tags },
        { stepMs, aggregate: 'p95', by: tags[0]?.[0], maxSeries: 5 },
      ),
    )
  },
})

const productParameters = fc.record(
  {
    q: search,
    manufacturer: parameterText(),
    minPrice: fc.oneof(fc.double().map(String), hostileText(8)),
    maxPrice: fc.oneof(fc.double().map(String), hostileText(8)),
    sort: fc.oneof(
      fc.constantFrom('id', '-id', 'name', '-name', 'price', '-price', 'updated'),
      hostileText(4),
    ),
    cursor: fc.oneof(
      fc
        .tuple(
          fc.constantFrom('name', '-name', 'price', '-price', 'updated'),
          fc.nat(),
          fc.oneof(parameterText(), fc.constantFrom('1.5', '9'.repeat(400), '999999999999999999', '-0.1')),
        )
        .map(([sort, id, key]) => Buffer.from(`p${sort}/${id}/${key}`).toString('base64url')),
      hostileText(),
    ),
  },
  { requiredKeys: [] },
)

/** Filters of the list of products, as its page takes them. */
export const products = defineTarget<Readonly<Record<string, unknown>>>({
  name: 'product-filters',
  inputs: fc.oneof(
    productParameters,
    fc.dictionary(
      fc.constantFrom('q', 'sort', 'minPrice', 'cursor', 'id'),
      fc.oneof(hostileText(), fc.array(hostileText())),
    ),
  ),
  worst: () => [
    { name: 'quotes', input: () => ({ q: `"${'a" '.repeat(66)}` }) },
    { name: 'digits', input: () => ({ minPrice: `${'1'.repeat(199)}x` }) },
  ],
  parse: (query) => {
    parseId(query['id'])
    return toListOptions(parsePageQuery(query), { items: 10, bytes: 1e6 })
  },
  check: (_, outcome) =>
    ensureDocumented(
      outcome,
      (error) => error instanceof AppError && ['invalid_field', 'invalid_cursor'].includes(error.code),
    ),
  async trial(outcome, { database }) {
    if ('error' in outcome) return
    await accept(() => listProducts(database, outcome.value as Parameters<typeof listProducts>[1]))
  },
})

/** @throws Error where PostgreSQL does not take what a parser has let pass */
async function accept(query: () => Promise<unknown>): Promise<void> {
  try {
    await query()
  } catch (error) {
    throw new Error(`PostgreSQL does not take it: ${(error as Error).message}`, { cause: error })
  }
}
