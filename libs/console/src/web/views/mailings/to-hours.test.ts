import { expect, test } from '@jest/globals'
import { toHours } from './to-hours.ts'

const none = { sent: 0, retry: 0, pending: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0 }
const hour = (at: string, sent: number) => ({ at, total: sent, counts: { ...none, sent } })

test('hours in which nothing happened stand between the others', () => {
  const bars = toHours({
    items: [hour('2026-01-01T08:00:00Z', 5), hour('2026-01-01T11:00:00Z', 2)],
    rest: null,
  })
  expect(bars.slice(0, 4).map(({ total }) => total)).toEqual([5, 0, 0, 2])
  expect(bars).toHaveLength(24)
  expect(bars[3]).toMatchObject({ atMs: Date.parse('2026-01-01T11:00:00Z'), counts: { sent: 2 } })
})

test('what took weeks is shown by several hours, and nothing gets lost', () => {
  const items = Array.from({ length: 60 }, (_, day) =>
    hour(new Date(Date.UTC(2026, 0, 1 + day, 7)).toISOString(), 10),
  )
  const bars = toHours({ items, rest: null })
  expect(bars.length).toBeLessThanOrEqual(240)
  expect(bars.reduce((sum, { total }) => sum + total, 0)).toBe(600)
  expect(bars.reduce((sum, { counts }) => sum + (counts.sent ?? 0), 0)).toBe(600)
})

test('without any hour there is no bar', () => {
  expect(toHours({ items: [], rest: null })).toEqual([])
})
