import { expect, it } from '@jest/globals'
import { databaseConnectionSettings } from './common-settings.ts'
import { ConfigError, readSettings } from './settings.ts'
import { sslModeOf, withoutSslParameters } from './ssl-mode.ts'

function problemsOf(parameters: string): readonly string[] {
  try {
    readSettings(databaseConnectionSettings, { DATABASE_URL: `postgres://h/db${parameters}` })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

it.each(['', '?sslmode=disable', '?sslmode=require', '?sslmode=verify-ca', '?sslmode=verify-full&options=x'])(
  'takes a URL of PostgreSQL with %s',
  (parameters) => {
    expect(problemsOf(parameters)).toEqual([])
  },
)

it.each([
  ['?sslmode=prefer', 'sslmode=prefer: expected disable, require, verify-ca, verify-full'],
  ['?sslmode=no-verify', 'sslmode=no-verify: expected disable'],
  ['?sslrootcert=/ca.pem', 'sslrootcert: use DATABASE_CA_FILE in its place'],
  ['?ssl=true', 'ssl: use sslmode in its place'],
])('refuses %s, which means less or other than it seems', (parameters, problem) => {
  expect(problemsOf(parameters)).toEqual([expect.stringContaining(problem)])
})

it('a file asks for verify-full, unless the URL says otherwise', () => {
  const files = { caFile: '/ca.pem' }
  expect(sslModeOf('postgres://h', files)).toBe('verify-full')
  expect(sslModeOf('postgres://h?sslmode=verify-ca', files)).toBe('verify-ca')
  expect(sslModeOf('postgres://h', {})).toBeUndefined()
})

it('the driver is given a URL without them, and all else of it', () => {
  const url = 'postgres://me:p%40ss@h:1/db?sslmode=require&application_name=x'
  expect(withoutSslParameters(url)).toBe('postgres://me:p%40ss@h:1/db?application_name=x')
  expect(withoutSslParameters('postgres://h/db?application_name=x')).toBe(
    'postgres://h/db?application_name=x',
  )
})
