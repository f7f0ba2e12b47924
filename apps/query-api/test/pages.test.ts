import { beforeAll, expect, test } from '@jest/globals'
import { product } from './builders.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
let emptyList: string

beforeAll(async () => {
  emptyList = (await suite.api.get('/')).body
  const { productIds, version } = await suite.writer.products(
    product(1, {
      name: EVIL,
      manufacturer: EVIL,
      price: 1234.5,
      attributes: { [EVIL]: EVIL, nested: { a: EVIL } },
    }),
    ...Array.from({ length: 60 }, (_, i) => product(i + 2)),
  )
  suite.api.notices.send(suite.api.changes, Buffer.from(JSON.stringify({ productIds, version })))
})

const EVIL = `<script>alert("1")</script>&'`
const ESCAPED = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;'

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

test.each(['/nowhere', '/no/where?x=1', '/nowhere.html'])(
  'a browser gets a page at %s, in the frame of the others, with 404',
  async (path) => {
    const response = await suite.api.get(path, BROWSER)
    expect([response.statusCode, response.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect(response.headers['content-security-policy']).toContain("default-src 'none'")
    expect(response.body).toContain('Page not found')
    expect(response.body).toContain('<nav aria-label="Main">')
    expect(response.body).not.toContain('aria-current')
  },
)

test('whatever is no browser, or asks the API, gets a problem at an unknown address', async () => {
  for (const [path, headers] of [
    ['/nowhere', {}],
    ['/nowhere', { accept: 'application/json' }],
    ['/api/v1/nowhere', BROWSER],
  ] as const) {
    const response = await suite.api.get(path, headers)
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, 'not_found'])
  }
})

test('without products the list says how they come', () => {
  expect(emptyList).toContain('There are no products yet')
})

test('everything that came from outside is escaped', async () => {
  for (const url of ['/?q=script', '/product?id=1', `/?q=${encodeURIComponent(EVIL)}`]) {
    const { body } = await suite.api.get(url)
    expect(body).toContain(ESCAPED)
    expect(body).not.toContain('<script>')
  }
})

test('a page allows nothing inline and nothing from elsewhere', async () => {
  for (const url of ['/', '/product', '/product?id=1', '/product?id=999']) {
    const policy = String((await suite.api.get(url)).headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  }
})

test('a search for nothing but quotes shares no page with others', async () => {
  await suite.api.get('/')
  expect((await suite.api.get('/?q=%22%22')).body).toMatch(/name="q"\s+value="&quot;&quot;"/)
  expect((await suite.api.get('/')).body).toMatch(/name="q"\s+value=""/)
})

test('a product is shown with its price and attributes', async () => {
  const { body } = await suite.api.get('/product?id=1')
  expect(body).toContain('1,234.50')
  expect(body).toContain('nested')
})

test.each(['/product', '/product?id=', '/product?id=abc', '/product?id=0', '/product?id=1&id=2'])(
  '%s answers with a message and goes on to the list',
  async (url) => {
    const response = await suite.api.get(url)
    expect(response.statusCode).toBe(400)
    expect(response.body).toContain('http-equiv="refresh" content="4; url=/"')
    expect(response.body).toContain('follows in a moment')
  },
)

test('an unknown product is a page with status 404', async () => {
  const response = await suite.api.get('/product?id=999')
  expect([response.statusCode, response.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
})

test('pages of the list lead to each other', async () => {
  const first = (await suite.api.get('/?q=product')).body
  const next = /rel="next" href="([^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = (await suite.api.get(next)).body
  expect(second).toContain('Product 61')
  expect(second).not.toContain('rel="next"')
})

test('the style sheet is served, and a browser may keep it', async () => {
  const response = await suite.api.get('/assets/style.css')
  expect(response.headers['content-type']).toBe('text/css; charset=utf-8')
  const again = await suite.api.get('/assets/style.css', { 'if-none-match': String(response.headers.etag) })
  expect(again.statusCode).toBe(304)
})
