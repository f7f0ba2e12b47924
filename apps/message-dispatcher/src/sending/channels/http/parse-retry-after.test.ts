import { describe, expect, it } from '@jest/globals'
import { parseRetryAfter } from './parse-retry-after.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')
const parse = (value: string | undefined, date?: string) => parseRetryAfter(value, date, NOW_MS)

describe('parseRetryAfter', () => {
  it('reads seconds', () => {
    expect([parse('0'), parse('7'), parse(' 30 ')]).toEqual([0, 7000, 30_000])
  })

  it('reads every form of an HTTP date', () => {
    for (const form of [
      'Sun, 01 Mar 2026 12:00:30 GMT',
      'Sunday, 01-Mar-26 12:00:30 GMT',
      'Sun Mar  1 12:00:30 2026',
    ])
      expect([form, parse(form)]).toEqual([form, 30_000])
  })

  it("counts a date from the gateway's own clock, where the answer has one", () => {
    expect(parse('Sun, 01 Mar 2026 09:00:30 GMT', 'Sun, 01 Mar 2026 09:00:10 GMT')).toBe(20_000)
    expect(parse('Sun, 01 Mar 2026 12:00:30 GMT', 'garbage')).toBe(30_000)
  })

  it('never goes back in time, and never beyond ten minutes', () => {
    expect(parse('Sun, 01 Mar 2026 11:00:00 GMT')).toBe(0)
    expect(parse('Sun, 01 Mar 2126 11:00:00 GMT')).toBe(600_000)
    expect([parse('601'), parse('9'.repeat(400))]).toEqual([600_000, 600_000])
  })

  it.each([undefined, '', '-1', '1.5', 'soon', '2026-03-01T12:00:30Z', 'Sun, nothing GMT', '5 Mar'])(
    'takes %j for nothing',
    (value) => {
      expect(parse(value)).toBeUndefined()
    },
  )
})
