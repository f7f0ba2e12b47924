import { expect, test } from '@jest/globals'
import { ApiError } from './api-error.ts'
import { fieldError, isBeside } from './field-error.ts'

const error = (field: string | undefined, detail: string, expected?: string) =>
  new ApiError({ status: 400, code: 'invalid_field', detail, field, expected })

test('an error stands beside the input that it names, with what would be right', () => {
  const late = error('/end', 'The mailing ends before it starts', 'a time after the start')
  expect(fieldError(late, '/end')).toBe(
    'The mailing ends before it starts. Expected: a time after the start.',
  )
  expect(fieldError(late, '/start')).toBeUndefined()
  expect(isBeside(late, ['/start', '/end'])).toBe(true)
})

test('an error about a part of an input stands beside the input', () => {
  const code = error('/filter/operatorCodes/1', '/filter/operatorCodes/1 must match "a"', 'match "a"')
  expect(fieldError(code, '/filter/operatorCodes')).toBe('Must match "a".')
  expect(fieldError(code, '/filter/operator')).toBeUndefined()
})

test('what is about no input stands beside none', () => {
  expect(fieldError(undefined, '/end')).toBeUndefined()
  expect(isBeside(error(undefined, 'The database is unreachable'), ['/end'])).toBe(false)
})
