import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import {
  eventually,
  runIf,
  spawnStandalone,
  type ManagedProcess,
  type RunningStandalone,
} from '@runnel/testing'
import { ReadRequestSchema, ReadResponseSchema, WriteRequestSchema } from '@runnel/wire/prometheus/remote'
import { HistogramSchema, type Histogram } from '@runnel/wire/prometheus/types'
import { deflateSnappy, inflateSnappy } from '@runnel/wire/snappy'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program, push, START_MS, startPrometheus } from './prometheus-process.ts'

const STEP_MS = 15_000
const STEPS = 40
const QUERY_MS = 120_000

/** A stand-in that is found in the bytes, for no number of JavaScript is a stale marker for sure. */
const STALE = 1.2345e-300
const STALE_BITS = 0x7ff0000000000002n

const QUERIES = [
  'histogram_quantile(0.9, rate(NAME[5m]))',
  'histogram_quantile(0.5, sum by (job) (rate(NAME[5m])))',
  'histogram_count(NAME)',
  'histogram_sum(increase(NAME[5m]))',
]

let folder: string
let runnel: RunningStandalone
/** Has its own storage. */
let owner: ManagedProcess | undefined
/** Has nothing of its own, and reads from Runnel. */
let reader: ManagedProcess | undefined
const now = Math.floor(Date.now() / STEP_MS) * STEP_MS
const times = Array.from({ length: STEPS }, (_, i) => now + (i - STEPS) * STEP_MS)

type Shape = MessageInitShape<typeof HistogramSchema>

function integers(atMs: number, counts: readonly number[], more: Partial<Shape> = {}): Histogram {
  const deltas = counts.map((count, i) => BigInt(count - (counts[i - 1] ?? 0)))
  const total = counts.reduce((sum, count) => sum + count, 0)
  return create(HistogramSchema, {
    ...{ schema: 1, zeroThreshold: 2 ** -128, sum: total / 3, timestamp: BigInt(atMs) },
    count: { case: 'countInt', value: BigInt(total + 2) },
    zeroCount: { case: 'zeroCountInt', value: 2n },
    positiveSpans: [
      { offset: -2, length: 2 },
      { offset: 3, length: counts.length - 2 },
    ],
    positiveDeltas: deltas,
    ...more,
  } as Shape)
}

function floats(atMs: number, counts: readonly number[], more: Partial<Shape> = {}): Histogram {
  return create(HistogramSchema, {
    ...{ schema: 3, zeroThreshold: 0.01, sum: 1e17 / 3, timestamp: BigInt(atMs), resetHint: 3 },
    count: { case: 'countFloat', value: counts.reduce((sum, count) => sum + count, 0) },
    zeroCount: { case: 'zeroCountFloat', value: 0 },
    negativeSpans: [{ offset: 5, length: counts.length }],
    negativeCounts: [...counts],
    ...more,
  } as Shape)
}

/** Grows, and begins anew halfway. */
const counter = times.map((atMs, i) => {
  const n = i < STEPS / 2 ? i : i - STEPS / 2
  return integers(atMs, [n, 3 * n, n * n, 2])
})

const written: Readonly<Record<string, readonly Histogram[]>> = {
  counter,
  integers: [
    integers(times[0]!, [1, 2, 3]),
    integers(times[1]!, [1, 2, 3], { count: { case: 'countInt', value: 2n ** 64n - 1n } }),
    integers(times[2]!, [4, 5, 6], { sum: -Infinity, resetHint: 1 }),
    integers(times[3]!, [0, 0, 0], { positiveSpans: [], positiveDeltas: [], sum: STALE }),
    integers(times[4]!, [1, 0], {
      ...{ schema: -53, zeroThreshold: 0, customValues: [0.25, 1, 2.5, Infinity] },
      ...{ positiveSpans: [{ offset: 1, length: 2 }], negativeSpans: [] },
    }),
  ],
  floats: [
    floats(times[0]!, [0.5, 1e300, 7]),
    floats(times[1]!, [], { negativeSpans: [] }),
    floats(times[2]!, [1 / 3], { sum: STALE }),
  ],
}

function encode(name: string, histograms: readonly Histogram[]): Buffer {
  const labels = [
    { name: '__name__', value: name },
    { name: 'job', value: 'shop' },
  ]
  const request = create(WriteRequestSchema, { timeseries: [{ labels, histograms: [...histograms] }] })
  const bytes = Buffer.from(toBinary(WriteRequestSchema, request))
  const stand = Buffer.alloc(8)
  stand.writeDoubleLE(STALE)
  for (let at = bytes.indexOf(stand); at >= 0; at = bytes.indexOf(stand))
    bytes.writeBigUInt64LE(STALE_BITS, at)
  return deflateSnappy(bytes)
}

async function readBack(name: string): Promise<Histogram[]> {
  const queries = [
    {
      startTimestampMs: BigInt(times[0]!),
      endTimestampMs: BigInt(now),
      matchers: [{ name: '__name__', value: name }],
    },
  ]
  const body = deflateSnappy(Buffer.from(toBinary(ReadRequestSchema, create(ReadRequestSchema, { queries }))))
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
  const answer = await fetch(`${runnel.query}/api/v1/read`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  })
  expect(answer.status).toBe(200)
  const bytes = inflateSnappy(Buffer.from(await answer.arrayBuffer()), 1e8)
  const marker = Buffer.alloc(8)
  marker.writeBigUInt64LE(STALE_BITS)
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker)) bytes.writeDoubleLE(STALE, at)
  return fromBinary(ReadResponseSchema, bytes).results[0]!.timeseries.flatMap(({ histograms }) => histograms)
}

async function ask(prometheus: ManagedProcess, query: string): Promise<unknown> {
  const [start, end] = [times[0]!, times.at(-1)!].map((ms) => String(ms / 1000))
  const parameters = new URLSearchParams({ query, start: start!, end: end!, step: '30' })
  const answer = await fetch(`${prometheus.url}/api/v1/query_range?${parameters}`)
  const { data, error } = (await answer.json()) as { data?: { result: unknown[] }; error?: string }
  expect(error).toBeUndefined()
  return data?.result
}

/** 2.42 leaves out native histograms of a remote read; 3.5 does not. What lies between was not tried. */
function readsHistograms(): boolean {
  if (program === undefined) return false
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' })
  return Number(/version (\d+)/.exec(version)?.[1]) >= 3
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-histograms-'))
  runnel = await spawnStandalone(join(folder, 'runnel'), {}, { timeoutMs: START_MS })
  for (const [name, histograms] of Object.entries(written))
    await push(runnel.ingest, encode(name, histograms))
  if (!readsHistograms()) return
  const feature = '--enable-feature=native-histograms'
  const receiver = '--web.enable-remote-write-receiver'
  owner = await startPrometheus({ folder, name: 'owner' }, '', [feature, receiver])
  const config = `remote_read: [{ url: '${runnel.query}/api/v1/read', read_recent: true }]\n`
  reader = await startPrometheus({ folder, name: 'reader' }, config, [feature])
  for (const one of counter) await push(owner.url, encode('counter', [one]))
}, 3 * START_MS)

afterAll(async () => {
  for (const process of [reader, owner, runnel]) {
    await process?.kill('SIGKILL')
    await process?.exited
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

it.each(Object.keys(written))(
  'native histograms of the series %s are read as they were written',
  async (name) => {
    await eventually(async () => expect(await readBack(name)).toEqual(written[name]) === undefined)
  },
  QUERY_MS,
)

runIf(
  readsHistograms(),
  describe,
  'there is no prometheus that reads native histograms from elsewhere',
)('a Prometheus that reads native histograms from Runnel', () => {
  it.each(QUERIES.map((query) => query.replace('NAME', 'counter')))(
    'answers %s as one that has them itself',
    async (query) => {
      const expected = await ask(owner!, query)
      expect(expected).not.toEqual([])
      await eventually(async () => expect(await ask(reader!, query)).toEqual(expected) === undefined)
    },
    QUERY_MS,
  )
})
