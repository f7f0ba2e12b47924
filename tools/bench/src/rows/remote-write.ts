import { createRemoteWrite } from '../remote-write-body.ts'
import { createWireRow } from '../wire-row.ts'

const SERIES = 500
const SAMPLES = 4

export const remoteWrite = createWireRow({
  title: `POST ${SERIES} series of ${SAMPLES} samples by remote write`,
  reader: 'remote-write',
  path: '/api/v1/write',
  headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
  body: () => createRemoteWrite(SERIES, SAMPLES),
  kind: 'metrics',
  events: SERIES * SAMPLES,
})
