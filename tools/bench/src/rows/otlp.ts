import { createOtlpLogs, createOtlpMetrics } from '../otlp-bodies.ts'
import { createWireRow } from '../wire-row.ts'

const headers = { 'content-type': 'application/x-protobuf' }

/** As many as the SDKs put into a request. */
const RECORDS = 512
const POINTS = 500

export const otlpLogs = createWireRow({
  title: `POST ${RECORDS} logs by OTLP`,
  reader: 'otlp-logs',
  path: '/v1/logs',
  headers,
  body: () => createOtlpLogs(RECORDS),
  kind: 'logs',
  events: RECORDS,
})

export const otlpMetrics = createWireRow({
  title: `POST ${POINTS} metrics by OTLP`,
  reader: 'otlp-metrics',
  path: '/v1/metrics',
  headers,
  body: () => createOtlpMetrics(POINTS),
  kind: 'metrics',
  events: POINTS,
})
