import { beforeAll, describe, expect, test } from '@jest/globals'
import { product } from './builders.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()

interface Page {
  items: { id: number; updatedAt: string }[]
  nextCursor: string | null
}

beforeAll(async () => {
  await suite.writer.products(
    product(1, { name: 'pencil', price: 0.1, manufacturer: 'Bic' }),
    product(2, { name: 'Pen', price: 9.99, manufacturer: 'LAMY' }),
    product(3, { name: 'eraser', price: 0.1, manufacturer: null }),
    product(4, { name: 'a/b %"<i>', price: 5000, manufacturer: '<b>Lamy & Sons</b>' }),
    ...Array.from({ length: 60 }, (_, i) =>
      product(i + 101, { name: 'same', price: 7, manufacturer: 'many' }),
    ),
  )
})

const list = async (query: string) => (await suite.api.get(`/api/v1/products?${query}`)).json<Page>()
const ids = async (query: string) => (await list(query)).items.map(({ id }) => id)
const SORTS = ['id', '-id', 'name', '-name', 'price', '-price', 'updated', '-updated']

describe('the list of products', () => {
  test('is filtered by manufacturer and price, and sorted', async () => {
    expect(await ids('manufacturer=lamy')).toEqual([2])
    expect(await ids('minPrice=0.1&maxPrice=0.1')).toEqual([1, 3])
    expect(await ids('maxPrice=10&sort=-price&q=pen')).toEqual([2, 1])
    expect(await ids('minPrice=8&sort=name')).toEqual([4, 2])
  })

  test('is filtered by prices of more digits than a double has', async () => {
    const exact = (text: string) => JSON.rawJSON(text) as unknown as number
    await suite.writer.products(
      product(900, { price: exact('9007199254740993.01') }),
      product(901, { price: exact('9007199254740993.02') }),
      product(902, { price: exact('1e400') }),
    )
    expect(await ids('minPrice=9007199254740993.01&maxPrice=9007199254740993.01')).toEqual([900])
    expect(await ids('minPrice=%2B09007199254740993.02&maxPrice=1e17')).toEqual([901])
    expect(await ids('minPrice=1.000E400')).toEqual([902])
    expect(await ids('maxPrice=.1')).toEqual([1, 3])
    await suite.writer.products(...[900, 901, 902].map((id) => product(id, { op: 'delete' })))
  })

  test('shows when each was updated', async () => {
    expect((await list('limit=1')).items[0]!.updatedAt).toMatch(/^20.*Z$/)
  })

  test.each(SORTS)('sorted by %s comes in pages that hold every product once', async (sort) => {
    const found: number[] = []
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null && pages < 30; pages++) {
      const page = await list(`limit=7&sort=${sort}${cursor && `&cursor=${cursor}`}`)
      found.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(found).toEqual(await ids(`limit=1000&sort=${sort}`))
    expect(new Set(found).size).toBe(64)
  })

  test('takes no cursor of a list that is sorted otherwise', async () => {
    for (const sort of SORTS) {
      const { nextCursor } = await list(`limit=2&sort=${sort}`)
      for (const other of SORTS.filter((one) => one !== sort)) {
        const response = await suite.api.get(`/api/v1/products?sort=${other}&cursor=${nextCursor}`)
        expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_cursor'])
      }
    }
  })

  test.each([
    ['name', 'pname/1/a\0'],
    ['name', 'pname/x/a'],
    ['price', 'pprice/1/NaN'],
    ['price', "pprice/1/1'"],
    ['updated', 'pupdated/1/99999999999999999999'],
    ['-price', 'pprice/1/1'],
    ['price', 'pprice/9007199254740993/1'],
  ])('sorted by %s takes no cursor that says %j', async (sort, text) => {
    const cursor = Buffer.from(text).toString('base64url')
    const response = await suite.api.get(`/api/v1/products?sort=${sort}&cursor=${cursor}`)
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_cursor'])
  })

  test.each([
    'minPrice=x',
    'maxPrice=1e401',
    'minPrice=.',
    'minPrice=0x10',
    'maxPrice=Infinity',
    'minPrice=1e',
    `maxPrice=${'9'.repeat(101)}`,
    'minPrice=90071992547409930000000.1&maxPrice=90071992547409930000000',
    'minPrice=',
    'minPrice=2&maxPrice=1',
    'sort=colour',
    'sort=',
  ])('refuses %s', async (query) => {
    const response = await suite.api.get(`/api/v1/products?${query}`)
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_field'])
  })

  test('is not the shared list when it is filtered', async () => {
    const response = await suite.api.get('/api/v1/products?sort=-id')
    expect(response.headers['cache-status']).toBe('runnel; fwd=bypass')
  })
})

describe('the page of products', () => {
  const page = async (query: string) => (await suite.api.get(`/?${query}`)).body

  test('keeps what was asked for in its form and in its links', async () => {
    const body = await page('q=same&manufacturer=many&minPrice=1&maxPrice=9.5&sort=-updated')
    expect(body).toMatch(/name="q"\s+value="same"/)
    expect(body).toMatch(/name="manufacturer"\s+value="many"/)
    expect(body).toMatch(/name="minPrice"\s+value="1"/)
    expect(body).toMatch(/name="maxPrice"\s+value="9.5"/)
    expect(body).toContain('<option value="-updated" selected>')
    const next = /rel="next" href="([^"]*)"/.exec(body)![1]!.replaceAll('&amp;', '&')
    expect(new URLSearchParams(next.slice(2)).get('sort')).toBe('-updated')
    const second = (await suite.api.get(next)).body
    expect(second.match(/<tr data-id/g)).toHaveLength(10)
    expect(second).toContain('First page')
  })

  test('takes a form of which little was filled in', async () => {
    const body = await page('q=pen&manufacturer=&minPrice=&maxPrice=+&sort=price')
    expect([...body.matchAll(/<tr data-id="(\d+)"/g)].map(([, id]) => id)).toEqual(['1', '2'])
  })

  test('sorts by its heads, and says how it is sorted', async () => {
    const body = await page('sort=price')
    expect(body).toMatch(/aria-sort="ascending"><a href="\/\?sort=-price">Price/)
    expect(body).toMatch(/aria-sort="none"><a href="\/\?sort=name">Name/)
    expect(await page('sort=-price')).toMatch(/aria-sort="descending"><a href="\/\?sort=price">Price/)
  })

  test.each([
    'minPrice=abc',
    'sort=colour',
    'maxPrice=1,5',
    'manufacturer=a&manufacturer=b',
    'minPrice=9&maxPrice=1',
  ])('says in words what is wrong with %s', async (query) => {
    const response = await suite.api.get(`/?${query}`)
    expect([response.statusCode, response.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8'])
    expect(response.body).toContain('This address is not valid')
  })

  test('shows markup in names, manufacturers and filters as text', async () => {
    const body = await page(`manufacturer=${encodeURIComponent('<b>Lamy & Sons</b>')}`)
    expect(body).toContain('&lt;b&gt;Lamy &amp; Sons&lt;/b&gt;')
    expect(body).toContain('a/b %&quot;&lt;i&gt;')
    expect(body).not.toMatch(/<b>|<i>/)
  })

  test('leads to the views of the console', async () => {
    const body = await page('')
    for (const view of ['logs', 'metrics', 'mailings', 'clients', 'dead-letters', 'system'])
      expect(body).toContain(`href="/console/${view}"`)
    expect(body).toContain('<a href="/" aria-current="page">Products</a>')
  })

  test('has the colours of the console', async () => {
    const { body } = await suite.api.get('/assets/style.css')
    expect(body).toContain('--accent: light-dark(')
    expect(body).toContain('.top nav')
    expect((await suite.api.get('/assets/products.js')).headers['content-type']).toMatch(/^text\/javascript/)
  })
})
