import { expect, it } from '@jest/globals'
import type { JsonObject } from '../json-value.ts'
import { readTraceId } from './read-trace-id.ts'

const ID = '5b8efff798038103d269b633813fc60c'

it.each<[string, JsonObject]>([
  ['OpenTelemetry', { traceId: ID }],
  ['loggers with OpenTelemetry', { trace_id: ID.toUpperCase() }],
  ['ECS', { trace: { id: ID } }],
  ['ECS in one name', { 'trace.id': ID }],
  ['attributes', { attributes: { traceId: ID } }],
  ['attributes behind an id of another form', { traceId: '17', attributes: { trace_id: ID } }],
])('finds the trace of an entry of %s', (_, entry) => {
  expect(readTraceId(entry)).toBe(ID)
})

it.each<JsonObject>([
  {},
  { traceId: '0'.repeat(32) },
  { traceId: `${ID}0` },
  { traceId: 17 },
  { trace: ID },
  { attributes: [ID] },
])('finds none in %p', (entry) => {
  expect(readTraceId(entry)).toBeUndefined()
})
