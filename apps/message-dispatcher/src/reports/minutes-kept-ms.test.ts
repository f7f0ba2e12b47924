import { describe, expect, it } from '@jest/globals'
import { minutesKeptMs } from './minutes-kept-ms.ts'

const NOW = Date.parse('2026-11-30T08:00:00Z')
const HOURS = 3_600_000

describe('counts by the minute', () => {
  const hoursKept = (timeZone: string, to = ['ann@example.com']) =>
    minutesKeptMs({ to, timeZone }, NOW) / HOURS

  it.each(['UTC', 'Europe/Moscow', 'America/New_York'])('are for the current rate alone in %s', (zone) => {
    expect(hoursKept(zone)).toBe(2)
  })

  it.each(['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Adelaide'])(
    'are kept until a day in %s can no longer be reported',
    (zone) => expect(hoursKept(zone)).toBe(120),
  )

  it('are not kept for reports that go to no address', () => {
    expect(hoursKept('Asia/Kolkata', [])).toBe(2)
  })
})
