import { describe, expect, it } from '@jest/globals'
import { parseAnswer, parseRetryAfter } from './parse-answer.ts'

describe('parseAnswer', () => {
  it('reads what a batch answer names as rejected', () => {
    const body =
      '{"status":"ok","accepted":1,"rejected":[{"index":1,"code":"missing_field","message":"no price"}]}'
    expect(parseAnswer(202, {}, body)).toEqual({
      type: 'accepted',
      status: 202,
      rejected: [{ index: 1, code: 'missing_field', message: 'no price' }],
      eventId: undefined,
    })
  })

  it.each([
    [503, 'busy'],
    [429, 'busy'],
    [500, 'busy'],
    [413, 'too-large'],
    [400, 'rejected'],
    [422, 'rejected'],
    [404, 'refused'],
    [301, 'refused'],
  ])('takes status %i for %s, also with a body that is no JSON', (status, type) => {
    expect(parseAnswer(status, {}, '<html>')).toMatchObject({ type, status })
  })
})

describe('parseRetryAfter', () => {
  it.each([
    ['3', 3000],
    ['Thu, 01 Jan 1970 00:00:11 GMT', 1000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %j', (value, ms) => {
    expect(parseRetryAfter(value, 10_000)).toBe(ms)
  })
})
