import { expect, test } from '@jest/globals'
import type { JsonValue } from '@runnel/contracts'
import { parseDocument } from './parse-document.ts'

const parse = (paths: JsonValue) => parseDocument({ paths }, (path) => path === '/forwarded')

test('operations have their access, parameters, bodies and answers, in the order of the document', () => {
  const { operations, isCut } = parse({
    '/forwarded': {
      post: {
        summary: 'Takes it',
        security: [{ key: ['logs:read', 'logs:write', 'unknown'] }, { keyHeader: ['logs:read'] }],
        parameters: [{ name: 'wait', in: 'query', required: true, description: 'Waits' }],
        requestBody: { content: { 'application/json': {}, 'text/csv': {} } },
        responses: { '200': {}, default: {} },
      },
      get: { security: [{ key: [] }] },
    },
    '/healthz': { get: { security: [] } },
  })
  expect(isCut).toBe(false)
  expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /forwarded',
    'POST /forwarded',
    'GET /healthz',
  ])
  const [any, post, open] = operations
  expect(any).toMatchObject({ isPublic: false, scopes: [], isForwarded: true, bodyTypes: [], summary: '' })
  expect(post).toMatchObject({
    scopes: ['logs:write', 'logs:read'],
    parameters: [{ name: 'wait', in: 'query', required: true, description: 'Waits' }],
    bodyTypes: ['application/json', 'text/csv'],
    statuses: ['200', 'default'],
  })
  expect(open).toMatchObject({ isPublic: true, isForwarded: false })
})

test('a malformed part of a document is left out, and what is no document is refused', () => {
  const { operations } = parse({ '/a': { get: { summary: 7, parameters: [null, { name: 1 }] } }, '/b': null })
  expect(operations).toHaveLength(1)
  expect(operations[0]).toMatchObject({ summary: '', parameters: [{ name: '' }, { name: '' }] })
  for (const document of [null, [], 'text', {}, { paths: [] }])
    expect(() => parseDocument(document, () => false)).toThrow('expected an OpenAPI document')
})

test('long texts and lists are cut', () => {
  const paths = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`/${i}`, { get: {} }]))
  const { operations, isCut } = parse({ ...paths, '/0': { get: { description: 'x'.repeat(9000) } } })
  expect([operations.length, isCut, operations[0]!.description.length]).toEqual([500, true, 5000])
})
