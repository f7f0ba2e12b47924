import { describe, expect, it } from '@jest/globals'
import { create, toBinary } from '@bufbuild/protobuf'
import type { Kind } from '@runnel/contracts'
import { PushRequestSchema } from '@runnel/wire/loki/push'
import { WriteRequestSchema } from '@runnel/wire/prometheus/remote'
import { deflateSnappy } from '@runnel/wire/snappy'
import { DEFAULT_FORMATS } from '../src/formats/default-formats.ts'
import { startIngest, type Ingest } from './ingest.ts'
import { logBodies } from './otlp/otlp-bodies.ts'

interface RefusedBody {
  readonly url: string
  readonly body: unknown
  readonly type: string
  readonly kind?: Kind
  readonly headers?: Record<string, string>
}

const JSON_TYPE = 'application/json'
const PROTOBUF = 'application/x-protobuf'

const push = create(PushRequestSchema, {
  streams: [{ labels: '{a="b"}', entries: [{ timestamp: { seconds: 1n }, line: '\0' }] }],
})
const write = create(WriteRequestSchema, { timeseries: [{ samples: [{ value: 1, timestamp: 1n }] }] })
const otlp = logBodies({
  resourceLogs: [
    { scopeLogs: [{ logRecords: [{ body: { value: { case: 'stringValue', value: '\0' } } }] }] },
  ],
})

/** By format: a body with one event, which is refused. */
const REFUSED: Readonly<Record<string, RefusedBody>> = {
  'json-object': { url: '/log', body: '{', type: JSON_TYPE },
  'json-array': { url: '/log', body: '[{]', type: JSON_TYPE },
  ndjson: { url: '/log', body: '5', type: 'application/x-ndjson' },
  'ndjson-by-content': { url: '/log', body: '{"a"}\n{"b":1}\n', type: JSON_TYPE },
  'elasticsearch-bulk': { url: '/_bulk', body: '{"delete":{"_id":"1"}}\n', type: 'application/x-ndjson' },
  elasticsearch: { url: '/a/_doc', body: Buffer.from([0x7b, 0xff, 0x7d]), type: JSON_TYPE },
  gelf: { url: '/gelf', body: '{', type: JSON_TYPE },
  journald: { url: '/upload', body: 'no field=1\n\n', type: 'application/vnd.fdo.journal' },
  'loki-json': {
    url: '/loki/api/v1/push',
    body: { streams: [{ stream: { a: 'b' }, values: [['1', '\0']] }] },
    type: JSON_TYPE,
  },
  'loki-protobuf': {
    url: '/loki/api/v1/push',
    body: deflateSnappy(Buffer.from(toBinary(PushRequestSchema, push))),
    type: PROTOBUF,
  },
  'otlp-json': { url: '/v1/logs', body: otlp.json, type: JSON_TYPE },
  'otlp-protobuf': { url: '/v1/logs', body: otlp.protobuf, type: PROTOBUF },
  'remote-write': {
    url: '/api/v1/write',
    body: deflateSnappy(Buffer.from(toBinary(WriteRequestSchema, write))),
    type: PROTOBUF,
    kind: 'metrics',
  },
  'splunk-hec': { url: '/services/collector', body: { event: '' }, type: JSON_TYPE },
  influx: { url: '/write', body: 'no line\n', type: 'text/plain', kind: 'metrics' },
  'cloud-events': { url: '/cloudevents', body: '', type: JSON_TYPE, headers: { 'ce-id': '1' } },
  'cloud-events-structured': {
    url: '/api/v1/metrics',
    body: '{}',
    type: 'application/cloudevents+json',
    kind: 'metrics',
  },
  'cloud-events-batch': {
    url: '/api/v1/metrics',
    body: '[{}]',
    type: 'application/cloudevents-batch+json',
    kind: 'metrics',
  },
}

async function refusedOf(ingest: Ingest, name: string, label: string): Promise<number> {
  const pattern = new RegExp(`^${name}\\{${label},outcome="rejected",[^}]*\\} (\\d+)$`, 'm')
  return Number(pattern.exec(await ingest.metrics.metrics())?.[1])
}

describe('an event that is refused', () => {
  it.each(DEFAULT_FORMATS.map(({ name }) => name))('is counted once in %s and of its kind', async (name) => {
    await using ingest = await startIngest()
    const { url, body, type, kind = 'logs', headers = {} } = REFUSED[name]!
    await ingest.post(url, body, { 'content-type': type, ...headers })
    expect(await refusedOf(ingest, 'runnel_ingest_format_events_total', `format="${name}"`)).toBe(1)
    expect(await refusedOf(ingest, 'runnel_ingest_events_total', `kind="${kind}"`)).toBe(1)
  })
})
