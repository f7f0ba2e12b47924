import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  eventually,
  type ManagedProcess,
  runIf,
  spawnStandalone,
  type RunningStandalone,
} from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program, push, START_MS, startPrometheus } from './prometheus-process.ts'
import { createWriteRequests, dataFolder } from './real-series.ts'

const reason = program === undefined ? 'prometheus is not installed' : 'there is no folder of real series'

/** Of queries on a machine with other work. */
const QUERY_MS = 120_000

const STEP_MS = 15_000
const HOUR = 240
/** Prometheus takes samples up to ten minutes ahead, and writes on only what is newer than its start. */
const AHEAD = 32

/** Of a name that all of its series begin with. */
const QUERIES = [
  'NAME_cpu',
  'rate(NAME_handled_total[5m])',
  'increase(NAME_handled_total[10m])',
  'sum by (source) (NAME_cpu)',
  'sum without (zone) (rate(NAME_requests_total[5m]))',
  'histogram_quantile(0.9, sum by (le) (rate(NAME_size_bucket[5m])))',
  'rate(NAME_size_sum[5m]) / rate(NAME_size_count[5m])',
  'max_over_time(NAME_cpu[10m])',
  'quantile_over_time(0.5, NAME_cpu{city=~"K.+"}[10m])',
  'stddev_over_time(NAME_cpu[10m])',
  'deriv(NAME_cpu[10m])',
  'resets(NAME_handled_total[1h])',
  'changes(NAME_quantile[5m])',
  'NAME_quantile',
  'count_over_time(NAME_ending[5m])',
  'absent(NAME_ending)',
  'absent_over_time(NAME_none[5m])',
  'topk(1, NAME_cpu)',
  'NAME_cpu offset 5m',
  'sum({__name__=~"NAME_size_.*", le!~".+"})',
  'count({__name__=~"NAME_.+"})',
  'label_replace(NAME_cpu{source!="ec2"}, "x", "$1", "city", "(.).*")',
]

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>
      readonly values: readonly (readonly [number, string])[]
    }[]
  }
}

let folder: string
let runnel: RunningStandalone
/** Has its own storage, and writes to Runnel. */
let owner: ManagedProcess
/** Has nothing of its own, and reads from Runnel. */
let reader: ManagedProcess
let hour: number[]
let ahead: number[]

async function ask(
  prometheus: ManagedProcess,
  query: string,
  times: readonly number[],
): Promise<Map<string, string[]>> {
  const [start, end] = [times[0]!, times.at(-1)!].map((ms) => String(ms / 1000))
  const parameters = new URLSearchParams({ query, start: start!, end: end!, step: '30' })
  const answer = (await (await fetch(`${prometheus.url}/api/v1/query_range?${parameters}`)).json()) as Answer
  expect([query, answer.status, answer.error]).toEqual([query, 'success', undefined])
  return new Map(
    answer.data.result.map(({ metric, values }) => [
      JSON.stringify(Object.entries(metric).sort()),
      values.map(([second, value]) => `${second} ${value}`),
    ]),
  )
}

/** @returns true, for {@link eventually} */
function expectSame(query: string, found: Map<string, string[]>, expected: Map<string, string[]>): true {
  expect([query, [...found.keys()].sort()]).toEqual([query, [...expected.keys()].sort()])
  for (const [labels, values] of expected) {
    const toPair = (text: string) => text.split(' ').map(Number)
    const close = values
      .map(toPair)
      .map(([second, value]) => [
        second,
        Number.isFinite(value) && value !== 0 ? expect.closeTo(value!, 9) : value,
      ])
    expect([query, labels, found.get(labels)!.map(toPair)]).toEqual([query, labels, close])
  }
  return true
}

beforeAll(async () => {
  if (program === undefined || dataFolder === undefined) return
  folder = mkdtempSync(join(tmpdir(), 'runnel-prometheus-'))
  runnel = await spawnStandalone(join(folder, 'runnel'), {}, { timeoutMs: START_MS })
  owner = await startPrometheus(
    { folder, name: 'owner' },
    `remote_write: [{ url: '${runnel.ingest}/api/v1/write', queue_config: { batch_send_deadline: 1s } }]\n`,
    ['--web.enable-remote-write-receiver'],
  )
  reader = await startPrometheus(
    { folder, name: 'reader' },
    `remote_read: [{ url: '${runnel.query}/api/v1/read', read_recent: true }]\n`,
  )
  const now = Math.floor(Date.now() / STEP_MS) * STEP_MS
  hour = Array.from({ length: HOUR }, (_, i) => now + (i - HOUR) * STEP_MS)
  ahead = Array.from({ length: AHEAD }, (_, i) => now + (i + 2) * STEP_MS)
  for (const body of createWriteRequests('hour', hour)) {
    await push(owner.url, body)
    await push(runnel.ingest, body)
  }
  for (const body of createWriteRequests('ahead', ahead)) await push(owner.url, body)
}, 3 * START_MS)

afterAll(async () => {
  for (const process of [reader, owner, runnel]) {
    await process?.kill('SIGKILL')
    await process?.exited
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

runIf(
  program !== undefined && dataFolder !== undefined,
  describe,
  reason,
)('a Prometheus that reads from Runnel', () => {
  it(
    'answers PromQL over an hour of real series as one that has them itself',
    async () => {
      for (const template of QUERIES) {
        const query = template.replaceAll('NAME', 'hour')
        const expected = await ask(owner, query, hour)
        await eventually(async () => expectSame(query, await ask(reader, query, hour), expected))
      }
    },
    QUERY_MS,
  )

  it(
    'answers PromQL over what another Prometheus wrote to Runnel as that one does',
    async () => {
      for (const template of QUERIES) {
        const query = template.replaceAll('NAME', 'ahead')
        const expected = await ask(owner, query, ahead)
        await eventually(async () => expectSame(query, await ask(reader, query, ahead), expected))
      }
    },
    QUERY_MS,
  )
})
