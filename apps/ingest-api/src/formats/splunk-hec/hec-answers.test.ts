import { describe, expect, it } from '@jest/globals'
import { AppError, type ErrorCode } from '@runnel/contracts'
import { statusOf } from '@runnel/http'
import { answerFailure } from './hec-answers.ts'

const answer = (code: ErrorCode, headers: Record<string, string> = {}, query: unknown = {}) => {
  const { status, body } = answerFailure({
    error: new AppError(code, 'why'),
    status: statusOf(code),
    request: { headers, query, params: {}, url: '/services/collector' },
    context: undefined,
  })
  return [status, (JSON.parse(String(body)) as { code: number }).code]
}

describe('a refusal of who sent the events', () => {
  it.each<[string, Record<string, string>, object, [number, number]]>([
    ['without a token', {}, {}, [401, 2]],
    ['with a token in the query', {}, { token: 'x' }, [400, 16]],
    ['without a scheme', { authorization: 'rnl_x' }, {}, [401, 3]],
    ['with a wrong token', { authorization: 'Splunk rnl_x' }, {}, [403, 4]],
    ['with a wrong token of another scheme', { authorization: 'basic eDp5' }, {}, [403, 4]],
  ])('%s', (_, headers, query, expected) => {
    expect(answer('unauthenticated', headers, query)).toEqual(expected)
  })
})

it.each<[ErrorCode, number, number]>([
  ['key_revoked', 403, 1],
  ['key_expired', 403, 1],
  ['key_mistyped', 403, 4],
  ['forbidden', 403, 4],
  ['too_many_failures', 503, 9],
  ['quota_exceeded', 503, 9],
  ['broker_unavailable', 503, 9],
  ['partly_accepted', 503, 9],
  ['access_unavailable', 503, 9],
  ['shutting_down', 503, 23],
  ['dead_lettered', 400, 6],
  ['body_too_slow', 408, 6],
  ['internal', 500, 8],
])('%s is %i with the code %i', (code, status, hecCode) => {
  expect(answer(code)).toEqual([status, hecCode])
})
