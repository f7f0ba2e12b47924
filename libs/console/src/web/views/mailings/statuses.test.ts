import { expect, test } from '@jest/globals'
import type { StatusCounts } from '../../api/mailings.ts'
import { countsInWords, refreshMsOf } from './statuses.ts'

const none: StatusCounts = { sent: 0, retry: 0, pending: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0 }

test('counts are shown with their names, without those that are zero', () => {
  expect(countsInWords({ ...none, failed: 2, sent: 1200 })).toBe('1,200 sent, 2 failed')
  expect(countsInWords(none)).toBe('no messages')
})

test('what runs is read every second, and what has come to rest much less often', () => {
  const rested = { status: 'completed', settledAt: '2026-01-01T00:00:00Z' } as const
  expect(refreshMsOf([rested, { status: 'running', settledAt: null }])).toBe(1000)
  expect(refreshMsOf([rested, { status: 'cancelled', settledAt: null }])).toBe(1000)
  expect(refreshMsOf([rested, { status: 'scheduled', settledAt: null }])).toBe(2000)
  expect(refreshMsOf([rested, { status: 'paused', settledAt: null }])).toBe(10_000)
})
