import { expect, it } from '@jest/globals'
import type { Logger } from '@runnel/observability'
import type { Answer } from '../http/parse-answer.ts'
import { createIngestHealth } from './ingest-health.ts'

const accepted: Answer = { type: 'accepted', status: 202, rejected: [], eventId: undefined }
const rejected: Answer = { type: 'rejected', status: 400, rejected: [], reason: 'missing_field' }
const busy: Answer = { type: 'busy', status: 503, retryAfterMs: 1000, reason: 'broker_unavailable' }
const away: Answer = { type: 'unreachable', reason: 'ECONNREFUSED' }

it('reports when ingest-api becomes unreachable and when it is back, once each', () => {
  const lines: unknown[] = []
  const write = (fields: object, message: string) => void lines.push([fields, message])
  const health = createIngestHealth({ info: write, warn: write } as unknown as Logger)
  for (const answer of [accepted, rejected, busy, away, busy, accepted, accepted]) health(answer)
  expect(lines).toEqual([
    [{ reason: '503 broker_unavailable' }, 'ingest-api takes no events; the stream keeps trying'],
    [{}, 'ingest-api takes events again'],
  ])
})
