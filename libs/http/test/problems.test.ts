import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const PROBLEM = 'application/problem+json; charset=utf-8'

describe('a failure', () => {
  it.each([
    ['bad_json', 400, 'Bad Request'],
    ['invalid_cursor', 400, 'Bad Request'],
    ['cross_site', 403, 'Forbidden'],
    ['not_found', 404, 'Not Found'],
    ['body_too_large', 413, 'Content Too Large'],
    ['too_many_items', 413, 'Content Too Large'],
    ['unsupported_media_type', 415, 'Unsupported Media Type'],
    ['unsupported_encoding', 415, 'Unsupported Media Type'],
    ['dead_lettered', 422, 'Unprocessable Content'],
    ['internal', 500, 'Internal Server Error'],
  ])('with the code %s is a problem with the status %d', async (code, status, title) => {
    const answer = await server.app.inject(`/fail/${code}`)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toBe(PROBLEM)
    expect(answer.headers['retry-after']).toBeUndefined()
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title,
      status,
      code,
      detail: 'as asked',
      accepted: [1],
    })
  })

  it.each([
    ['too_busy', 429],
    ['backlog_full', 503],
    ['storage_full', 503],
    ['broker_unavailable', 503],
    ['partly_accepted', 503],
    ['database_unavailable', 503],
    ['query_too_slow', 503],
    ['upstream_unavailable', 503],
    ['shutting_down', 503],
  ])('with the passing code %s says in whole seconds when to come back', async (code, status) => {
    const answer = await server.app.inject(`/fail/${code}`)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['retry-after']).toBe('2')
    expect(answer.json()).toMatchObject({ code, status })
  })

  it('that is unexpected is a 500 that discloses nothing of the inside', async () => {
    const answer = await server.app.inject('/crash')
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toMatchObject({ code: 'internal' })
    expect(answer.body).not.toContain('secret')
  })
})

describe('a request', () => {
  const post = (payload: string | Buffer, headers: Record<string, string> = {}, query = '') =>
    server.app.inject({
      method: 'POST',
      url: `/things${query}`,
      payload,
      headers: { 'content-type': 'application/json', ...headers },
    })

  it('is taken when all is right', async () => {
    expect((await post('{"count":1}')).json()).toEqual({ count: 1 })
  })

  it.each([
    ['no JSON', '{', 400, 'bad_json', undefined],
    ['an empty body', '', 400, 'bad_json', undefined],
    ['a member that poisons prototypes', '{"__proto__":{"count":1}}', 400, 'bad_json', undefined],
    ['a text for a number', '{"count":"1"}', 400, 'invalid_field', '/count'],
    ['a missing member', '{}', 400, 'missing_field', '/count'],
    ['no object', '[]', 400, 'invalid_field', ''],
    ['too many bytes', `{"count":${' '.repeat(1000)}1}`, 413, 'body_too_large', undefined],
  ])('with %s is refused with its reason', async (_, payload, status, code, field) => {
    const answer = await post(payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toBe(PROBLEM)
    expect(answer.json()).toMatchObject({ status, code, ...(field !== undefined && { field }) })
  })

  it.each(['text/plain', 'application/xml', 'application/octet-stream', 'nonsense'])(
    'of the type %s is answered with 415',
    async (type) => {
      const answer = await post('{"count":1}', { 'content-type': type })
      expect(answer.statusCode).toBe(415)
      expect(answer.json()).toMatchObject({ code: 'unsupported_media_type', field: 'content-type' })
    },
  )

  it('names the parameter that is wrong', async () => {
    expect((await post('{"count":1}', {}, '?dry=maybe')).json()).toMatchObject({
      code: 'invalid_field',
      field: 'dry',
    })
    expect((await post('{"count":1}', {}, '?wet=1')).json()).toMatchObject({
      code: 'invalid_field',
      field: 'wet',
      detail: 'The parameter "wet" is not known here',
    })
    expect((await server.app.inject('/things/x')).json()).toMatchObject({
      code: 'invalid_field',
      field: 'id',
      detail: 'The parameter id is not valid: expected integer',
    })
  })

  it.each(['/%zz', '/things/%c3%28', `/things/${'1'.repeat(2000)}`])(
    'to the address %.30s is answered with a problem',
    async (url) => {
      const answer = await server.app.inject(url)
      expect([400, 404]).toContain(answer.statusCode)
      expect(answer.headers['content-type']).toBe(PROBLEM)
    },
  )
})

describe('an unknown address', () => {
  it.each(['/nowhere', '/things', '/things/1/more', '//things/1'])(
    'as %s is answered with 404 or 405',
    async (url) => {
      const answer = await server.app.inject({ method: 'GET', url })
      expect(answer.statusCode).toBe(url === '/things' ? 405 : 404)
      expect(answer.headers['content-type']).toBe(PROBLEM)
    },
  )

  it.each([
    ['PUT', '/things', 'POST'],
    ['POST', '/things/5?x=1', 'GET, HEAD, DELETE'],
    ['OPTIONS', '/things/5', 'GET, HEAD, DELETE'],
    ['PROPFIND', '/things/5', 'GET, HEAD, DELETE'],
    ['QUERY', '/things/5', 'GET, HEAD, DELETE'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['DELETE', '/metrics', 'GET, HEAD'],
  ])('for %s %s names the methods that would do', async (method, url, allow) => {
    const answer = await server.app.inject({ method: method as 'PUT', url })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers.allow).toBe(allow)
    expect(answer.json()).toMatchObject({ code: 'method_not_allowed', expected: allow })
  })

  it('is not answered where a route for every address has its method, unless other routes have it', async () => {
    const known = await server.app.inject({ method: 'HEAD', url: '/things' })
    expect([known.statusCode, known.headers.allow]).toEqual([405, 'POST'])
    expect((await server.app.inject({ method: 'HEAD', url: '/nowhere' })).statusCode).toBe(204)
    expect((await server.app.inject({ method: 'GET', url: '/nowhere' })).statusCode).toBe(404)
  })

  it.each([
    ['of an unknown type', 'application/xml', '<x/>'],
    ['that is no JSON', 'application/json', '{'],
    ['that is too large', 'application/json', ' '.repeat(5000)],
  ])('does not mind a body %s', async (_, type, payload) => {
    const request = { payload, headers: { 'content-type': type } }
    expect((await server.app.inject({ method: 'PUT', url: '/things', ...request })).statusCode).toBe(405)
    expect((await server.app.inject({ method: 'POST', url: '/nowhere', ...request })).statusCode).toBe(404)
  })

  it('answers HEAD like GET, without a body', async () => {
    const answer = await server.app.inject({ method: 'HEAD', url: '/things/5' })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe('')
  })
})
