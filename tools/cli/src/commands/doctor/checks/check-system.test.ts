import { describe, expect, it } from '@jest/globals'
import type { SystemState } from '@runnel/contracts/api/system'
import { checkClock } from './check-clock.ts'
import { checkSystem } from './check-system.ts'

const APP: SystemState['apps'][number] = {
  ...{
    name: 'consumer',
    url: 'http://consumer:8082',
    status: 'ready',
    failures: {},
    notes: {},
    problem: null,
  },
  ...{
    uptimeSeconds: 1,
    memoryBytes: 1,
    nodeVersion: 'v24.0.0',
    eventLoopLagSeconds: 0,
    clockOffsetSeconds: 0,
  },
}
const BACKLOG: SystemState['broker'][number] = {
  ...{
    kind: 'logs',
    pendingMessages: 0,
    unsettledMessages: 0,
    streamMessages: 0,
    streamBytes: 0,
    streamLimitBytes: 100,
  },
  ...{ lagSeconds: 0, lagAgeSeconds: 0, storedEvents: 0, deadLetteredEvents: 0 },
}
const HEALTHY = {
  ...{
    at: '2030-01-31T12:00:00Z',
    apps: [APP],
    servers: [{ name: 'redis', status: 'ready' }],
    broker: [BACKLOG],
  },
  sending: { breaker: 'closed', stopReason: null, resumesAt: null },
  retention: { suspendedBy: null, waitingDays: 0, notes: [] },
  retentionDays: 30,
} as unknown as SystemState

const worst = (system: Partial<SystemState>) =>
  checkSystem({ ...HEALTHY, ...system }).filter(({ status }) => status !== 'ok')

describe('what the system shows', () => {
  it('is nothing where all is well', () => expect(worst({})).toEqual([]))

  it.each([
    [
      'an app that does not answer',
      { apps: [{ ...APP, status: 'away', problem: 'no answer in time' }] },
      'app consumer',
      'problem',
    ],
    [
      'an app that is not ready',
      { apps: [{ ...APP, status: 'unready', failures: { broker: 'not connected' } }] },
      'app consumer',
      'problem',
    ],
    [
      'an app that is open to others',
      { apps: [{ ...APP, notes: { access: 'open to other machines' } }] },
      'app consumer access',
      'warning',
    ],
    ['a clock that differs', { apps: [{ ...APP, clockOffsetSeconds: -5 }] }, 'app consumer clock', 'warning'],
    [
      'a database that is away',
      { servers: [{ name: 'postgres', status: 'away' }] },
      'server postgres',
      'problem',
    ],
    ['Redis that is away', { servers: [{ name: 'redis', status: 'away' }] }, 'server redis', 'warning'],
    [
      'a stream that is nearly full',
      { broker: [{ ...BACKLOG, streamBytes: 90 }] },
      'backlog logs',
      'problem',
    ],
    ['events that are stored late', { broker: [{ ...BACKLOG, lagSeconds: 120 }] }, 'backlog logs', 'warning'],
    [
      'a gateway that fails',
      { sending: { breaker: 'open', stopReason: 'unreachable', resumesAt: null } },
      'sending',
      'warning',
    ],
    [
      'retention that is suspended',
      { retention: { suspendedBy: 'jump', waitingDays: 2, notes: ['The clock jumped.'] } },
      'retention',
      'warning',
    ],
  ])('names %s, and what to do', (_, system, check, status) => {
    expect(worst(system as Partial<SystemState>)).toEqual([
      { check, status, message: expect.any(String), advice: expect.any(String) },
    ])
  })
})

describe('the clock', () => {
  const read = (serverMs: number) => checkClock({ askedMs: 10_000, serverMs, answeredMs: 11_000 })

  it('is right as far as the time of the request allows', () => {
    expect(read(10_700)).toMatchObject({ status: 'ok', message: expect.stringContaining('as far as 0.5 s') })
    expect(read(8100)).toMatchObject({ status: 'ok', message: expect.stringContaining('2.4 s ahead of') })
  })

  it('is warned of beyond that', () => {
    expect(read(20_000)).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('9.5 s behind'),
    })
    expect(read(5000)).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('5.5 s ahead of'),
    })
  })
})
