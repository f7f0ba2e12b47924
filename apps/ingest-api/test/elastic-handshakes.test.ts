import { describe, expect, it } from '@jest/globals'
import { declaredRoutes } from '@runnel/http'
import { DEFAULT_FORMATS } from '../src/formats/default-formats.ts'
import { startIngest, type Answer, type Ingest } from './ingest.ts'
import { withKey } from './with-key.ts'

const isElastic = ({ headers }: Answer) => headers['x-elastic-product'] === 'Elasticsearch'

describe('what clients of Elasticsearch ask before they write', () => {
  it('GET / has a version and a tagline that clients from 7.17 on look for', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.inject('/')
    expect([answer.statusCode, isElastic(answer)]).toEqual([200, true])
    const { version, tagline } = answer.json<{
      version: { number: string; build_flavor: string }
      tagline: string
    }>()
    const [major, minor] = version.number.split('.').map(Number)
    expect(major! > 7 || minor! >= 14).toBe(true)
    expect([version.build_flavor, tagline]).toEqual(['default', 'You Know, for Search'])
    const head = await ingest.inject({ method: 'HEAD', url: '/' })
    expect([head.statusCode, isElastic(head), head.body]).toEqual([200, true, ''])
  })

  it.each([
    [
      'GET',
      '/_cluster/health?timeout=30s&wait_for_nodes=%3E=1&wait_for_status=yellow',
      200,
      { status: 'green' },
    ],
    ['GET', '/_license', 200, { license: { status: 'active', type: 'basic', uid: expect.any(String) } }],
    ['GET', '/_xpack?filter_path=features', 200, { features: { ilm: { available: false } } }],
    ['GET', '/_nodes/ingest', 200, { nodes: { runnel: { ingest: { processors: [] } } } }],
    ['GET', '/_nodes/_all/http', 200, { nodes: { runnel: { http: { publish_address: 'localhost:9200' } } } }],
    ['GET', '/_refresh', 200, { _shards: { failed: 0 } }],
    ['GET', '/logs-pino/_refresh', 200, { _shards: { failed: 0 } }],
    ['POST', '/logs-pino/_refresh', 200, { _shards: { failed: 0 } }],
    ['GET', '/_index_template', 200, { index_templates: [] }],
    ['GET', '/_ingest/pipeline', 200, {}],
    ['GET', '/_ingest/pipeline/mine', 404, { error: { code: 'not_found' }, status: 404 }],
    ['PUT', '/_ingest/pipeline/mine', 200, { acknowledged: true }],
    ['GET', '/_ilm/policy/filebeat', 404, { status: 404 }],
    ['PUT', '/_ilm/policy/filebeat', 200, { acknowledged: true }],
    ['PUT', '/_index_template/template_logs', 200, { acknowledged: true }],
    ['PUT', '/_template/template_logs?include_type_name=true', 200, { acknowledged: true }],
    ['PUT', '/_component_template/c', 200, { acknowledged: true }],
    ['PUT', '/_data_stream/logs-a-b', 200, { acknowledged: true }],
  ] as const)('%s %s is answered with %d', async (method, url, status, body) => {
    await using ingest = await startIngest()
    const payload = method === 'PUT' ? { payload: '{"index_patterns":["logs*"]}' } : {}
    const headers = {
      host: 'localhost:9200',
      'content-type': 'application/vnd.elasticsearch+json; compatible-with=8',
    }
    const answer = await ingest.inject({ method, url, headers, ...payload })
    expect([answer.statusCode, isElastic(answer)]).toEqual([status, true])
    expect(answer.json()).toMatchObject(body)
  })

  it.each([
    ['/_index_template/template_logs', 404],
    ['/logs-shop', 200],
  ])('HEAD %s is answered with %d', async (url, status) => {
    await using ingest = await startIngest()
    const answer = await ingest.inject({ method: 'HEAD', url })
    expect([answer.statusCode, isElastic(answer), answer.body]).toEqual([status, true, ''])
  })
})

describe('refusals', () => {
  const requests = [
    { method: 'POST', url: '/_bulk', payload: '{"index":{}}\n{}' },
    { method: 'PUT', url: '/a/_create/1', payload: '{}' },
    { method: 'GET', url: '/' },
    { method: 'HEAD', url: '/a' },
    { method: 'PUT', url: '/_template/a', payload: '{}' },
  ] as const
  const statuses = (ingest: Ingest, headers: Record<string, string>) =>
    Promise.all(
      requests.map(async (request) => {
        const answer = await ingest.inject({ ...request, headers })
        expect(isElastic(answer)).toBe(true)
        return answer.statusCode
      }),
    )
  const apiKey = (key: string) => ({ authorization: `ApiKey ${Buffer.from(`id:${key}`).toString('base64')}` })

  it('of callers without a key, with a wrong one and without the scope have the header of the product', async () => {
    const { httpOptions, text } = withKey(['metrics:write'])
    await using ingest = await startIngest({ httpOptions })
    expect(await statuses(ingest, {})).toEqual([401, 401, 401, 401, 401])
    expect(await statuses(ingest, apiKey('wrong'))).toEqual([401, 401, 401, 401, 401])
    expect(await statuses(ingest, apiKey(text))).toEqual([403, 403, 200, 200, 200])
  })

  it('are none for a key in each form that clients have', async () => {
    const { httpOptions, text } = withKey(['logs:write'])
    await using ingest = await startIngest({ httpOptions })
    const basic = `Basic ${Buffer.from(`elastic:${text}`).toString('base64')}`
    for (const headers of [apiKey(text), { authorization: basic }, { authorization: `Bearer ${text}` }])
      expect(await statuses(ingest, headers)).toEqual([200, 201, 200, 200, 200])
  })

  it('where keys cannot be checked are 503, and no JSON where results would be looked for', async () => {
    const { httpOptions, text } = withKey(['logs:write'], { state: 'unknown' })
    await using ingest = await startIngest({ httpOptions })
    expect(await statuses(ingest, apiKey(text))).toEqual([503, 503, 503, 503, 503])
    const answer = await ingest.inject({ ...requests[0], headers: apiKey(text) })
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^text\/plain/),
      'retry-after': '5',
    })
  })
})

describe('refusals before any route', () => {
  it.each([
    ['POST', `/shop/_doc/${'x'.repeat(3000)}`],
    ['PUT', `/shop/_create/${'x'.repeat(3000)}`],
    ['POST', '/%ff/_doc'],
    ['POST', '/shop/_doc/%ff'],
    ['POST', '/%ff/_bulk?refresh=true'],
    ['GET', '/_cluster/%ff'],
    ['GET', '/shop/_search'],
    ['DELETE', '/_bulk'],
    ['GET', '/_cat/indices'],
  ] as const)('of %s %.40s have the header of the product', async (method, url) => {
    await using ingest = await startIngest()
    const answer = await ingest.inject({ method, url })
    expect([answer.statusCode >= 400 && answer.statusCode < 500, isElastic(answer)]).toEqual([true, true])
  })

  it.each(['/%ff', '/%ff/x_doc', '/api/v1/%ff', '/log/%ff?_doc', '/a/b/_doc'])(
    'at addresses of others have none: %s',
    async (url) => {
      await using ingest = await startIngest()
      const answer = await ingest.inject({ method: 'POST', url })
      expect([answer.statusCode >= 400, isElastic(answer)]).toEqual([true, false])
    },
  )

  it('of a host that is not allowed have it as well', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.inject({ url: '/_search', headers: { host: 'evil.example' } })
    expect([answer.statusCode >= 400, isElastic(answer)]).toEqual([true, true])
  })
})

describe('routes with a name in the first place', () => {
  const withoutElastic = DEFAULT_FORMATS.filter(({ name }) => !name.startsWith('elastic'))

  it('hide none of the others', async () => {
    await using plain = await startIngest({ formats: withoutElastic })
    await using ingest = await startIngest()
    const routes = declaredRoutes(plain.app)
    expect(routes.length).toBeGreaterThan(20)
    for (const { method, url } of routes) {
      const path = url.replace(/:\w+/g, '1').replace('*', 'x')
      const request = { method: method as 'GET', url: path }
      const [before, after] = [await plain.inject(request), await ingest.inject(request)]
      expect([method, path, after.statusCode, isElastic(after)]).toEqual([
        method,
        path,
        before.statusCode,
        false,
      ])
    }
  })

  it('have the product header also where the headers of a request are too large', async () => {
    await using ingest = await startIngest()
    const url = await ingest.app.listen({ port: 0, host: '127.0.0.1' })
    const headers = { 'x-large': 'x'.repeat(20_000) }
    for (const [path, isTheirs] of [
      ['/_bulk', true],
      ['/shop/_bulk?refresh=true', true],
      ['/api/v1/logs', false],
    ] as const) {
      const answer = await fetch(url + path, { method: 'POST', headers, body: '{}' })
      const product = answer.headers.get('x-elastic-product')
      expect([path, answer.status, product]).toEqual([path, 431, isTheirs ? 'Elasticsearch' : null])
    }
  })

  it('change nothing about unknown addresses and methods of the others', async () => {
    await using plain = await startIngest({ formats: withoutElastic })
    await using ingest = await startIngest()
    const urls = new Set(
      declaredRoutes(plain.app).map(({ url }) => url.replace(/:\w+/g, '1').replace('*', 'x')),
    )
    for (const url of [...urls, '/nothing', '/nothing/more', '/api/v1/nothing'])
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        if (method === 'HEAD' && url === '/nothing') continue
        const [before, after] = [await plain.inject({ method, url }), await ingest.inject({ method, url })]
        const look = ({ statusCode, headers }: Answer) => [
          ...[method, url, statusCode, headers.allow, headers['content-type']],
        ]
        expect(look(after)).toEqual(look(before))
      }
  })
})
