import { expect, test } from '@jest/globals'
import type { SystemState } from '../../api/system.ts'
import { shareOf, troublesOf } from './troubles.ts'

const app = (name: string, status: 'ready' | 'unready' | 'away') => ({
  ...{ name, status, url: null, failures: {}, notes: {}, problem: null, uptimeSeconds: 1, memoryBytes: 1 },
  ...{ nodeVersion: 'v24', eventLoopLagSeconds: 0, clockOffsetSeconds: 0 },
})

const kind = {
  ...{ kind: 'logs', pendingMessages: 0, unsettledMessages: 0, streamMessages: 0, streamBytes: 10 },
  ...{ streamLimitBytes: 100, lagSeconds: 0, lagAgeSeconds: 0, storedEvents: 0, deadLetteredEvents: 0 },
}

const well: SystemState = {
  at: '2026-01-01T00:00:00Z',
  apps: [app('query-api', 'ready')],
  servers: [
    { name: 'postgres', status: 'ready' },
    { name: 'redis', status: 'unused' },
  ],
  broker: [kind],
  cache: {
    ...{ lookups: 0, memoryHits: 0, redisHits: 0, staleHits: 0, failedLoads: 0 },
    ...{ hitRatio: null, memoryBytes: null },
  },
  sending: {
    ...{ breaker: 'closed', stopReason: null, resumesAt: null, openChunks: 0, chunkLagSeconds: 0 },
    ...{ retryLagSeconds: 0, sentMessages: 0, failedMessages: 0 },
  },
  retention: { suspendedBy: null, waitingDays: 0, notes: [] },
  retentionDays: 30,
  oneProcess: false,
}

test('where all is well, there is nothing to tell', () => {
  expect(troublesOf(well)).toEqual([])
})

test('what is wrong is described in words', () => {
  const bad: SystemState = {
    ...well,
    apps: [app('consumer', 'away'), app('ingest-api', 'unready')],
    servers: [{ name: 'redis', status: 'away' }],
    broker: [{ ...kind, streamBytes: 90, lagSeconds: 75, pendingMessages: 3 }],
    sending: { ...well.sending, breaker: 'open' },
    retention: { suspendedBy: 'jump', waitingDays: 3, notes: [] },
  }
  expect(troublesOf(bad)).toEqual([
    'consumer does not answer',
    'ingest-api is not ready',
    'Redis is unreachable',
    'the stream of logs is 90.0% full',
    'logs wait more than a minute to be stored',
    "the database's clock jumped, and old events are kept until a person confirms",
    'sending to the gateway has stopped',
  ])
})

test('a clock that is off is one, a computer that was off for a week is not', () => {
  const apps = [{ ...app('consumer', 'ready'), clockOffsetSeconds: -3 }]
  const gap = { suspendedBy: 'gap', waitingDays: 7, notes: ['It was off.'] } as const
  expect(troublesOf({ ...well, apps, retention: { ...gap, notes: [...gap.notes] } })).toEqual([
    "the clock of consumer differs from the database's by 3 s",
  ])
})

test('what is not known is no trouble by itself', () => {
  const unknown = { ...kind, streamBytes: null, streamLimitBytes: null, lagSeconds: null }
  expect(troublesOf({ ...well, broker: [unknown], sending: { ...well.sending, breaker: null } })).toEqual([])
  expect(shareOf(1, 0)).toBeUndefined()
})

test('a pause that the gateway asked for is told', () => {
  expect(troublesOf({ ...well, sending: { ...well.sending, breaker: 'paused' } })).toEqual([
    'the gateway asked for a pause, and nothing is sent',
  ])
})

test('a long lag of the last batch is none where nothing waits any more', () => {
  const late = { ...kind, lagSeconds: 900 }
  expect(troublesOf({ ...well, broker: [late] })).toEqual([])
  expect(troublesOf({ ...well, broker: [{ ...late, unsettledMessages: 1 }] })).toHaveLength(1)
})
