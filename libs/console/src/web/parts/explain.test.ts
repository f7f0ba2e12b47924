import { expect, test } from '@jest/globals'
import { ApiError } from '../api/api-error.ts'
import { explain } from './explain.ts'

test('a mistake names the input and what would be right', () => {
  const error = new ApiError({
    status: 400,
    code: 'invalid_field',
    detail: 'step is no duration',
    field: 'step',
    expected: 'e.g. 30s',
  })
  expect(explain(error)).toEqual({
    title: 'The request was refused',
    detail: 'step is no duration.',
    hint: 'Check the input step. Expected: e.g. 30s.',
  })
})

test('an outage names what is unreachable, and says that nothing has to be done', () => {
  const trouble = {
    status: 503,
    code: 'database_unavailable',
    detail: 'The database is unreachable.',
    retryAfterMs: 2000,
  }
  expect(explain(new ApiError(trouble))).toEqual({
    title: 'The database is unreachable',
    detail: 'The database is unreachable.',
    hint: 'Trying again automatically in 2 s.',
  })
})

test('what a user asked for is not repeated automatically', () => {
  const away = new ApiError({ status: 503, code: 'upstream_unavailable', detail: 'x', retryAfterMs: 2000 })
  expect(explain(away, false).hint).toBe('Nothing was changed; try again in 2 s.')
})

test('an error that persists and concerns no input has no hint', () => {
  expect(explain(new ApiError({ status: 404, code: 'not_found', detail: 'x' })).hint).toBeUndefined()
})
