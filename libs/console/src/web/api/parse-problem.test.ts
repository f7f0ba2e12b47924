import { expect, test } from '@jest/globals'
import { ApiError } from './api-error.ts'
import { parseProblem } from './parse-problem.ts'

test('a problem is taken over with field, expectation and time to wait', () => {
  const body = JSON.stringify({
    code: 'invalid_field',
    detail: 'step is no duration',
    field: 'step',
    expected: '5m',
  })
  expect(parseProblem(400, body, '3')).toEqual({
    status: 400,
    code: 'invalid_field',
    detail: 'step is no duration',
    field: 'step',
    expected: '5m',
    retryAfterMs: 3000,
  })
})

test.each(['', '<html>Bad Gateway</html>', 'null', '[1]', '{"detail":5}'])(
  'a body that is no problem (%p) still makes words of the status',
  (body) => {
    expect(parseProblem(502, body, 'Wed, 21 Oct 2026 07:28:00 GMT')).toMatchObject({
      status: 502,
      detail: 'The server answered 502',
      retryAfterMs: undefined,
    })
  },
)

test.each([
  [0, true],
  [429, true],
  [503, true],
  [400, false],
  [404, false],
  [500, false],
])('status %p passes by itself: %p', (status, passes) => {
  expect(new ApiError({ status, code: 'x', detail: 'x' }).isTransient).toBe(passes)
})
