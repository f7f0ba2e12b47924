import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { SendRecord } from '@runnel/repositories-mailings'
import { createFailureLog } from './failure-log.ts'

let lines: [fields: object, message: string][]
const log = { info: (fields: object, message: string) => void lines.push([fields, message]) } as never

beforeEach(() => {
  lines = []
  jest.useFakeTimers()
})
afterEach(() => void jest.useRealTimers())

const record = (messageId: number, to: SendRecord['to'] = 'failed'): SendRecord => ({
  ...{ messageId, mailingId: 7, clientId: messageId + 100, to, reason: 'http_400', attempts: 2 },
  attempt: { startedAtMs: 0, durationMs: 1, outcome: 'rejected', httpStatus: 400 },
  lease: { token: 'x' },
})
const applied = (records: readonly SendRecord[]) =>
  records.map(({ messageId, to }) => ({ messageId, from: 'pending' as const, to }))

describe('the log of failed messages', () => {
  it('has a line for each, with its ids and the reason, and none for what went well', () => {
    const records = [record(1), record(2, 'sent'), record(3, 'unknown'), record(4, 'retry')]
    createFailureLog(log, 10).add(applied(records), records)
    const ids = { mailingId: 7, reason: 'http_400', attempts: 2, httpStatus: 400 }
    expect(lines).toEqual([
      [expect.objectContaining({ ...ids, messageId: 1, clientId: 101, status: 'failed' }), 'message failed'],
      [
        expect.objectContaining({ ...ids, messageId: 3, clientId: 103, status: 'unknown' }),
        'the outcome of the message is unknown',
      ],
    ])
  })

  it('has none for a record that changed nothing', () => {
    createFailureLog(log, 10).add([], [record(1)])
    expect(lines).toEqual([])
  })

  it('is sampled past its rate, and says how many were left out', () => {
    const failures = createFailureLog(log, 3)
    const records = Array.from({ length: 50 }, (_, n) => record(n))
    failures.add(applied(records), records)
    failures.add(applied([record(50)]), [record(50)])
    expect(lines).toHaveLength(3)
    jest.advanceTimersByTime(1000)
    expect(lines[3]).toEqual([{ leftOut: 48 }, expect.stringContaining('more messages failed')])
    failures.add(applied([record(51)]), [record(51)])
    expect(lines[4]![0]).toMatchObject({ messageId: 51 })
    jest.advanceTimersByTime(5000)
    expect(lines).toHaveLength(5)
  })

  it('says what it left out when the process drains', () => {
    const failures = createFailureLog(log, 0)
    failures.add(applied([record(1)]), [record(1)])
    failures.close()
    expect(lines).toEqual([[{ leftOut: 1 }, expect.any(String)]])
    jest.advanceTimersByTime(5000)
    expect(lines).toHaveLength(1)
  })
})
