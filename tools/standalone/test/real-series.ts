import { create, toBinary } from '@bufbuild/protobuf'
import { deflateSnappy } from '@runnel/wire/snappy'
import { WriteRequestSchema } from '@runnel/wire/prometheus/remote'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const beside = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))

/** Folder of real series, which no clone has of itself. */
export const dataFolder = [process.env['RUNNEL_DATA_SAMPLES'], beside].find(
  (folder) => folder !== undefined && existsSync(join(folder, 'elb_request_count_8c0756.csv')),
)

type Labels = Readonly<Record<string, string>>

/** A value that stands for a stale marker until the bytes are there: no number of JavaScript is one for sure. */
const STALE = 1.2345e-300
const STALE_BITS = 0x7ff0000000000002n

/** Upper bounds of the buckets of a histogram. */
const BOUNDS = [50, 100, 200, 400]

function readColumn(file: string, count: number): number[] {
  const lines = readFileSync(join(dataFolder!, file), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1, count + 1)
  return lines.map((line) => Number(line.split(',')[1]))
}

/**
 * Real values as one would scrape them: gauges, a counter that begins anew halfway, a histogram, a series that ends, and some that
 * have no number.
 *
 * @param name what all names begin with
 * @returns snappy blocks of write requests, in the order of time
 */
export function createWriteRequests(name: string, times: readonly number[]): Buffer[] {
  const [ec2, rds, elb] = [
    'ec2_cpu_utilization_24ae8d.csv',
    'rds_cpu_utilization_e47b3b.csv',
    'elb_request_count_8c0756.csv',
  ].map((file) => readColumn(file, times.length)) as [number[], number[], number[]]
  const half = Math.floor(times.length / 2)
  let [total, sum, count] = [0, 0, 0]
  const buckets = BOUNDS.map(() => 0)
  return times.map((timestamp, i) => {
    if (i === half) total = 0
    total += elb[i]!
    sum += elb[i]!
    count++
    BOUNDS.forEach((bound, at) => (buckets[at]! += elb[i]! <= bound ? 1 : 0))
    const series: [string, Labels, number][] = [
      ['cpu', { source: 'ec2' }, ec2[i]!],
      ['cpu', { source: 'rds', city: 'Köln 😀' }, rds[i]!],
      ['requests_total', { service: 'elb', zone: i < half ? 'a' : 'b' }, elb[i]!],
      ['handled_total', { service: 'elb' }, total],
      ...BOUNDS.map((le, at): [string, Labels, number] => ['size_bucket', { le: String(le) }, buckets[at]!]),
      ['size_bucket', { le: '+Inf' }, count],
      ['size_sum', {}, sum],
      ['size_count', {}, count],
      ['quantile', { quantile: '0.5' }, i % 3 === 0 ? NaN : i % 3 === 1 ? Infinity : -Infinity],
      ...(i <= half ? [['ending', {}, i < half ? i : STALE] as [string, Labels, number]] : []),
    ]
    return encode(name, series, timestamp)
  })
}

function encode(prefix: string, series: readonly [string, Labels, number][], timestamp: number): Buffer {
  const timeseries = series.map(([name, tags, value]) => ({
    labels: Object.entries({ __name__: `${prefix}_${name}`, ...tags })
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([label, text]) => ({ name: label, value: text })),
    samples: [{ value, timestamp: BigInt(timestamp) }],
  }))
  const bytes = Buffer.from(toBinary(WriteRequestSchema, create(WriteRequestSchema, { timeseries })))
  const marker = Buffer.alloc(8)
  marker.writeDoubleLE(STALE)
  const at = bytes.indexOf(marker)
  if (at >= 0) bytes.writeBigUInt64LE(STALE_BITS, at)
  return deflateSnappy(bytes)
}
