import { LAST_TIME_MS } from '@runnel/contracts'
import type { SamplePage, SeriesFilter, StoredSeries } from '@runnel/repositories-events'
import { inSlices } from '@runnel/runtime'
import { randomInt } from 'node:crypto'
import type { Store } from '../store.ts'
import type { LabelNames } from './label-names.ts'
import type { Matcher } from './matcher.ts'
import { NAME_LABEL, type ReadQuery } from './parse-read-request.ts'
import type { ReadBudget } from './read-budget.ts'
import { encodeHistogram } from './encode-histogram.ts'
import { SampleBuffer } from './sample-buffer.ts'

type Label = readonly [name: string, value: string]

/** A series with everything that a query finds of it. */
export interface ReadSeries {
  /** By name, in the order of their bytes. */
  readonly labels: readonly Label[]
  readonly samples: SampleBuffer
}

interface ReadSeriesOptions {
  readonly store: Pick<Store, 'listMetricSeries' | 'readSeriesSamples'>
  /** All that there are, or one more than the budget has series. */
  readonly findMetricNames: () => Promise<readonly string[]>
  readonly names: LabelNames
  /** Of all queries of the request. */
  readonly budget: ReadBudget
  /** Aborted when the reader has gone. */
  readonly signal: AbortSignal
}

/** Rows of one read of the database: what is still read for a reader that has gone. */
const PAGE_ROWS = 20_000

/** Of native histograms in such a read, as they are stored. */
const PAGE_BYTES = 8 * 1024 ** 2

/** Beyond the largest seed of a hash there is no safe integer. */
const MAX_SEED = 2 ** 47

/**
 * Everything that a query finds, sorted as Prometheus sorts: series by their labels, samples by time, and of equal (series, time) the
 * one that came last. All of it is in memory before anything is answered, 16 bytes a sample: so the order needs no second look at
 * the database, and whatever goes wrong has an answer of its own.
 *
 * @throws AppError invalid_field where it would look at too much; of the store
 * @throws the reason of the signal
 */
export async function readSeries(query: ReadQuery, options: ReadSeriesOptions): Promise<ReadSeries[]> {
  if (query.fromMs > query.throughMs) return []
  const tags = query.ofLabels.flatMap(({ name, equals }) =>
    equals === undefined ? [] : [[name, equals] as const],
  )
  const filter = {
    fromMs: query.fromMs,
    // Behind the last time there is none.
    toMs: query.throughMs < LAST_TIME_MS ? query.throughMs + 1 : undefined,
    tags,
    names: await findNames(query, options),
  }
  if (filter.names?.length === 0) return []
  const { stored, seed } = await listSeries(filter, options)
  options.signal.throwIfAborted()
  const chosen = await inSlices(chooseSeries(stored, query, options))
  const byName = Map.groupBy(chosen, ({ name }) => name)
  for (const [name, series] of byName) {
    const buffers = new Map(series.map(({ hash, read }) => [hash, read.samples]))
    await fill(buffers, { ...filter, name }, seed, options)
  }
  const read = new Set(chosen.map((one) => one.read))
  return inSlices(sortSeries([...read].filter(({ samples }) => samples.count > 0)))
}

/** @returns undefined for all names; those that the matchers permit, where they say more than nothing */
async function findNames({ ofName }: ReadQuery, options: ReadSeriesOptions): Promise<string[] | undefined> {
  if (ofName.length === 0) return undefined
  const wanted = ofName.find(({ equals }) => equals !== undefined)?.equals
  if (wanted !== undefined) return inSlices(chooseNames([options.names.original(wanted)], ofName, options))
  const all = await options.findMetricNames()
  if (all.length > options.budget.limits.series) throw options.budget.exceeded('names')
  return inSlices(chooseNames(all, ofName, options))
}

/** Those that all matchers permit. A pattern may take long, so that there is a pause behind each. */
function* chooseNames(
  stored: readonly string[],
  ofName: readonly Matcher[],
  { names, signal }: Pick<ReadSeriesOptions, 'names' | 'signal'>,
): Generator<void, string[]> {
  const chosen: string[] = []
  for (const name of stored) {
    signal.throwIfAborted()
    if (yield* matchAll(ofName, () => names.metric(name))) chosen.push(name)
  }
  return chosen
}

function* matchAll(
  matchers: readonly Matcher[],
  valueOf: (matcher: Matcher) => string,
): Generator<void, boolean> {
  for (const matcher of matchers) {
    yield
    if (!matcher.matches(valueOf(matcher))) return false
  }
  return true
}

/** @throws AppError invalid_field */
async function listSeries(filter: SeriesFilter, { store, budget, signal }: ReadSeriesOptions) {
  const left = budget.left
  for (;;) {
    signal.throwIfAborted()
    // A seed that cannot be guessed: a sender cannot name series so that their hashes are equal.
    const seed = randomInt(MAX_SEED)
    const bounds = { maxRows: left.rows, maxSeries: left.series, seed }
    const { series, rows, beyond } = await store.listMetricSeries(filter, bounds)
    if (beyond) throw budget.exceeded(beyond)
    const hashes = new Set(series.map(({ name, hash }) => `${hash} ${name}`))
    if (hashes.size < series.length && !hasEqualTags(series)) continue
    budget.spend(rows, series.length)
    return { stored: series, seed }
  }
}

/** Equal tags have equal hashes: null and `{}`, for one. */
function hasEqualTags(series: readonly StoredSeries[]): boolean {
  const byHash = Map.groupBy(series, ({ name, hash }) => `${hash} ${name}`)
  return [...byHash.values()].every((same) => new Set(same.map(({ labelsText }) => labelsText)).size === 1)
}

interface ChosenSeries extends StoredSeries {
  readonly read: ReadSeries
}

/** Those that all matchers permit. Tags that differ in their type alone are the same labels, and so one series. */
function* chooseSeries(
  stored: readonly StoredSeries[],
  { ofLabels }: ReadQuery,
  { names, signal }: Pick<ReadSeriesOptions, 'names' | 'signal'>,
): Generator<void, ChosenSeries[]> {
  const chosen: ChosenSeries[] = []
  const known = new Map<string, ReadSeries>()
  for (const series of stored) {
    signal.throwIfAborted()
    const tags = JSON.parse(series.labelsText) as Record<string, string>
    const valueOf = (name: string) => (Object.hasOwn(tags, name) ? tags[name]! : '')
    if (yield* matchAll(ofLabels, ({ name }) => valueOf(name))) {
      const labels = toLabels(series.name, tags, names)
      const key = JSON.stringify(labels)
      const read = known.get(key) ?? { labels, samples: new SampleBuffer() }
      known.set(key, read)
      chosen.push({ ...series, read })
    }
    yield
  }
  return chosen
}

function toLabels(name: string, tags: Readonly<Record<string, string>>, names: LabelNames): Label[] {
  const labels: Label[] = [[NAME_LABEL, names.metric(name)]]
  for (const [tag, value] of Object.entries(tags)) {
    // An empty value is the same as no label, and one name is the metric's.
    if (value !== '' && tag !== NAME_LABEL) labels.push([names.label(tag), value])
  }
  return labels.sort(([one], [other]) => compareBytes(one, other))
}

async function fill(
  buffers: ReadonlyMap<string, SampleBuffer>,
  filter: SeriesFilter & { readonly name: string },
  seed: number,
  { store, budget, signal }: ReadSeriesOptions,
): Promise<void> {
  let page: SamplePage | undefined
  do {
    signal.throwIfAborted()
    const after = page?.next
    page = await store.readSeriesSamples(filter, { limit: PAGE_ROWS, maxBytes: PAGE_BYTES, seed, after })
    budget.addSamples(page.samples.length)
    await inSlices(addPage(page, buffers, budget))
  } while (page.next !== undefined)
}

/** @throws AppError invalid_field */
function* addPage(
  { samples }: SamplePage,
  buffers: ReadonlyMap<string, SampleBuffer>,
  budget: ReadBudget,
): Generator<void> {
  for (const { hash, atMs, value, special, histogram } of samples) {
    // A series that began meanwhile has no place: the answer is that of the moment before.
    const buffer = buffers.get(hash)
    if (buffer === undefined) continue
    const message = histogram === null ? undefined : encodeHistogram(histogram, special, atMs)
    if (message === undefined) {
      buffer.add(atMs, value, special)
      continue
    }
    budget.addHistogram(message.length)
    buffer.addHistogram(atMs, message)
    yield
  }
}

/** As Prometheus compares sets of labels: pair by pair, by their bytes. No label holds NUL. */
function* sortSeries(series: readonly ReadSeries[]): Generator<void, ReadSeries[]> {
  const keyed: { one: ReadSeries; key: Buffer }[] = []
  for (const one of series) {
    keyed.push({ one, key: Buffer.from(`${one.labels.flat().join('\0')}\0`) })
    yield
  }
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ one }) => one)
}

/** The order of UTF-16 is another one beyond the surrogates. */
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
