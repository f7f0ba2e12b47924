import { expect, test } from '@jest/globals'
import type { ApiOperation, AppOperations } from '../../api/operations.ts'
import { accessText, findOperations } from './find-operations.ts'

const operation = (method: string, path: string, more: Partial<ApiOperation> = {}): ApiOperation => ({
  ...{ method, path, summary: '', description: '', isPublic: false, scopes: [], isForwarded: false },
  ...{ parameters: [], bodyTypes: [], statuses: [], ...more },
})

const app = (name: string, operations: ApiOperation[]): AppOperations => ({
  ...{ name, summary: '', docsUrl: null, problem: null, isCut: false },
  operations,
})

const APPS = [
  app('ingest-api', [
    operation('POST', '/api/v1/logs', { scopes: ['logs:write'], summary: 'Takes logs in' }),
  ]),
  app('query-api', [
    operation('GET', '/api/v1/logs', { scopes: ['logs:read'] }),
    operation('GET', '/healthz'),
  ]),
]

const found = (text: string, name = '') =>
  findOperations(APPS, text, name).map(({ name, operations }) => [name, operations.length])

test.each([
  ['', '', [1, 2]],
  ['LOGS', '', [1, 1]],
  ['logs post', '', [1]],
  ['logs:read', '', [1]],
  ['takes in', '', [1]],
])('%j finds operations by their method, path, words and scope', (text, name, counts) => {
  expect(found(text, name).map(([, count]) => count)).toEqual(counts)
})

test('one app alone is shown when it is chosen', () => {
  expect(found('', 'query-api')).toEqual([['query-api', 2]])
})

test('access is said in words', () => {
  expect(accessText({ isPublic: true, scopes: [] })).toBe('no key')
  expect(accessText({ isPublic: false, scopes: [] })).toBe('any key')
  expect(accessText({ isPublic: false, scopes: ['logs:read', 'traces:read'] })).toBe('logs:read, traces:read')
})
