import { createBulk, createLokiPush } from '../log-shipper-bodies.ts'
import { createWireRow } from '../wire-row.ts'

const DOCUMENTS = 500
const LINES = 512

export const bulk = createWireRow({
  title: `POST ${DOCUMENTS} documents to _bulk`,
  reader: 'bulk',
  path: '/_bulk',
  headers: { 'content-type': 'application/x-ndjson' },
  body: () => createBulk(DOCUMENTS),
  kind: 'logs',
  events: DOCUMENTS,
})

export const loki = createWireRow({
  title: `POST ${LINES} lines to Loki's push`,
  reader: 'loki',
  path: '/loki/api/v1/push',
  headers: { 'content-type': 'application/json' },
  body: () => createLokiPush(LINES),
  kind: 'logs',
  events: LINES,
})
