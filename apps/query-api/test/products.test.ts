import { beforeAll, expect, test } from '@jest/globals'
import { product } from './builders.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()

interface Page {
  items: { id: number }[]
  nextCursor: string | null
}

beforeAll(async () => {
  await suite.writer.products(
    ...Array.from({ length: 60 }, (_, i) => product(i + 1)),
    product(100, {
      name: 'Fountain pen',
      manufacturer: 'Lamy',
      price: 0.1,
      attributes: { nib: 'F', size: [1, null] },
    }),
    product(101, { name: '100% cotton', manufacturer: null, price: 12345.678901234567 }),
    product(102, { op: 'delete' }),
  )
})

test('a product comes with everything that is known of it', async () => {
  const response = await suite.api.get('/api/v1/products/100')
  expect(response.json()).toEqual({
    id: 100,
    name: 'Fountain pen',
    price: 0.1,
    manufacturer: 'Lamy',
    attributes: { nib: 'F', size: [1, null] },
    version: expect.any(Number),
    updatedAt: expect.stringMatching(/^20.*Z$/),
  })
})

test('a price comes back as the very same number', async () => {
  expect((await suite.api.get('/api/v1/products/101')).json()).toMatchObject({ price: 12345.678901234567 })
})

test('a client that has the product already gets 304', async () => {
  const first = await suite.api.get('/api/v1/products/100')
  const etag = String(first.headers.etag)
  const second = await suite.api.get('/api/v1/products/100', { 'if-none-match': `"x", W/${etag}` })
  expect([second.statusCode, second.body]).toEqual([304, ''])
  expect((await suite.api.get('/api/v1/products/100', { 'if-none-match': '"x"' })).statusCode).toBe(200)
})

test('the second answer comes from the cache, and both say where they come from', async () => {
  expect((await suite.api.get('/api/v1/products/7')).headers['cache-status']).toBe('runnel; fwd=miss')
  expect((await suite.api.get('/api/v1/products/7')).headers['cache-status']).toBe('runnel; hit')
})

test.each(['102', '4000', '9007199254740991'])('there is no product %s', async (id) => {
  const response = await suite.api.get(`/api/v1/products/${id}`)
  expect([response.statusCode, response.json().code]).toEqual([404, 'not_found'])
})

test.each(['0', '-1', '1.5', 'abc', '9007199254740993', '99999999999999999999', '%00'])(
  'the id %s is refused',
  async (id) => expect((await suite.api.get(`/api/v1/products/${id}`)).statusCode).toBe(400),
)

test('pages follow each other by cursor and hold every product once', async () => {
  const ids: number[] = []
  let cursor: string | null = ''
  for (let pages = 0; cursor !== null && pages < 20; pages++) {
    const page: Page = (
      await suite.api.get(`/api/v1/products?limit=7${cursor && `&cursor=${cursor}`}`)
    ).json()
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  }
  expect(ids).toEqual([...Array.from({ length: 60 }, (_, i) => i + 1), 100, 101])
})

test('a search finds words in name and manufacturer, in whatever case and without wildcards', async () => {
  const search = async (q: string) =>
    (await suite.api.get(`/api/v1/products?q=${encodeURIComponent(q)}`))
      .json<{ items: { id: number }[] }>()
      .items.map(({ id }) => id)
  expect(await search('PEN lamy')).toEqual([100])
  expect(await search('100%')).toEqual([101])
  expect(await search('pen bic')).toEqual([])
})

test('/products is a bare array in the order of ids, continued by a Link', async () => {
  const first = await suite.api.get('/products?limit=61')
  expect(first.json<object[]>().at(-1)).toEqual({
    id: 100,
    name: 'Fountain pen',
    price: 0.1,
    manufacturer: 'Lamy',
  })
  const [, next = ''] = /^<(.*)>; rel="next"$/.exec(String(first.headers.link)) ?? []
  const second = await suite.api.get(next)
  expect(second.json()).toEqual([
    { id: 101, name: '100% cotton', price: 12345.678901234567, manufacturer: null },
  ])
  expect(second.headers.link).toBeUndefined()
})

const cursor = (text: string) => Buffer.from(text).toString('base64url')

test.each([
  ['no base64', '/api/v1/products', '!!!'],
  ['padded', '/api/v1/products', 'aTE='],
  ['of another list', '/api/v1/products', cursor('n1')],
  ['no number', '/api/v1/products', cursor('i1x')],
  ['too great', '/products', cursor('i9007199254740993')],
  ['no time', '/api/v1/logs', cursor('e/00000000-0000-7000-8000-000000000000')],
  ['after the year 9999', '/api/v1/logs', cursor('e253402300800000/00000000-0000-7000-8000-000000000000')],
  ['no event id', '/api/v1/metrics', cursor('e1/x')],
  ['with a NUL', '/api/v1/metrics/names', cursor('na\0')],
])('a cursor that is %s is refused as such', async (_what, url, text) => {
  const response = await suite.api.get(`${url}?cursor=${text}`)
  expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_cursor'])
})

test('a NUL character in a parameter is refused as such', async () => {
  for (const query of ['q=a%00', 'a%00b=1', 'q=a&q=%00']) {
    const response = await suite.api.get(`/api/v1/products?${query}`)
    expect([response.statusCode, response.json().code]).toEqual([400, 'nul_character'])
  }
})

test('a misspelt parameter is refused by its name', async () => {
  const response = await suite.api.get('/api/v1/products?limt=5')
  expect(response.json()).toMatchObject({
    status: 400,
    field: 'limt',
    expected: expect.stringContaining('one of q, manufacturer,'),
  })
})
