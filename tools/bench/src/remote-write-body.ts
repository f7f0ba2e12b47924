import { create, toBinary } from '@bufbuild/protobuf'
import { WriteRequestSchema } from '@runnel/wire/prometheus/remote'
import { deflateSnappy } from '@runnel/wire/snappy'

const START_MS = 1_795_953_600_000
const SCRAPE_MS = 15_000

/** A write request as Prometheus makes it: counters of HTTP requests with eight labels, a few scrapes each. */
export function createRemoteWrite(series: number, samples: number): Buffer {
  const timeseries = Array.from({ length: series }, (_, n) => ({
    labels: labelsOf(n).map(([name, value]) => ({ name, value })),
    samples: Array.from({ length: samples }, (_, i) => ({
      value: ((n * 7919) % 100_003) + i / 8,
      timestamp: BigInt(START_MS + i * SCRAPE_MS),
    })),
  }))
  const bytes = toBinary(WriteRequestSchema, create(WriteRequestSchema, { timeseries }))
  return deflateSnappy(Buffer.from(bytes))
}

function labelsOf(n: number): [string, string][] {
  return [
    ['__name__', `http_requests_total_${n % 20}`],
    ['cluster', 'production-eu-1'],
    ['code', String(200 + (n % 5))],
    ['handler', `/api/v1/orders/${n % 50}`],
    ['instance', `10.0.0.${n % 25}:9090`],
    ['job', 'shop'],
    ['method', n % 2 === 0 ? 'GET' : 'POST'],
    ['pod', `shop-7d4b9c6f5-${String(n).padStart(5, 'x')}`],
  ]
}
