import { describe, expect, it } from '@jest/globals'
import type { SendResult } from '../channels/channel.ts'
import { recordOfResult, recordOfVerdict } from './record-of-result.ts'
import type { QueuedMessage } from '../leases/work.ts'

const OPTIONS = { nowMs: 0, deduplicates: true, retryMaxMs: 1000, random: () => 0, isMessagesOwn: false }
const TIMES = { startedAtMs: 0, durationMs: 1 }
const REFUSED: SendResult = { ...TIMES, outcome: 'refused', httpStatus: 500 }

const message = (startedBefore: boolean, refusals = 0) =>
  ({
    work: { token: 't' },
    recipient: { messageId: 1, attempts: 1, refusals },
    startedBefore,
  }) as QueuedMessage

describe('a message that is tried again', () => {
  it('is in doubt after an attempt of unknown outcome, and after one without a recorded result', () => {
    const doubtOf = (startedBefore: boolean, result: SendResult) =>
      recordOfResult(message(startedBefore), result, OPTIONS).inDoubt
    expect(doubtOf(false, REFUSED)).toBe(false)
    expect(doubtOf(false, { ...TIMES, outcome: 'uncertain' })).toBe(true)
    expect(doubtOf(true, REFUSED)).toBe(true)
    const later = { kind: 'record', to: 'retry', reason: 'window_closed', dueAtMs: 5 } as const
    expect(recordOfVerdict(message(true), later)).toMatchObject({ to: 'retry', dueAtMs: 5, inDoubt: true })
  })
})

describe('a message that is not to be sent any more', () => {
  it('is unknown where the gateway does not want it, and may have taken it before', () => {
    const rejected: SendResult = { ...TIMES, outcome: 'rejected', httpStatus: 400 }
    expect(recordOfResult(message(false), rejected, OPTIONS)).toMatchObject({ to: 'failed' })
    expect(recordOfResult(message(true), rejected, OPTIONS)).toMatchObject({
      to: 'unknown',
      reason: 'http_400',
    })
  })

  it('is unknown where an earlier holder of the lease had begun to send it', () => {
    const verdict = { kind: 'record', to: 'cancelled', reason: 'opted_out' } as const
    expect(recordOfVerdict(message(false), verdict)).toMatchObject({ to: 'cancelled', reason: 'opted_out' })
    expect(recordOfVerdict(message(true), verdict)).toMatchObject({ to: 'unknown', reason: 'opted_out' })
  })
})
