import { beforeAll, expect, test } from '@jest/globals'
import { logEntry, metric, product } from './builders.ts'
import { insertMailing } from './mailing-rows.ts'
import { useSuite } from './suite.ts'

/** A page ends once it holds more than this: each item of these lists is larger than half of it. */
const suite = useSuite({ limits: { pageBytes: 200 } })

const LONG = 'x'.repeat(200)

beforeAll(async () => {
  const { writer } = suite
  await writer.products(...[1, 2, 3].map((id) => product(id, { name: `pen ${id} ${LONG}` })))
  await writer.metrics(...[1, 2, 3].map((n) => metric({ name: `load ${n} ${LONG}` })))
  await writer.logs(...[1, 2, 3].map((n) => logEntry({ message: `entry ${n} ${LONG}` })))
  for (const id of [1, 2, 3])
    await insertMailing(writer.database, { id, messages: 1, firstMessageId: id * 10 })
})

interface Page {
  readonly items: readonly unknown[]
  readonly nextCursor: string | null
}

/** Items of each page, until the list ends. */
async function sizes(url: string): Promise<number[]> {
  const found: number[] = []
  for (let cursor: string | null = ''; cursor !== null && found.length < 10;) {
    const page: Page = (await suite.api.get(`${url}${cursor && `&cursor=${cursor}`}`)).json()
    found.push(page.items.length)
    cursor = page.nextCursor
  }
  return found
}

test.each([
  ['products', '/api/v1/products?limit=100'],
  ['products that are searched for', '/api/v1/products?q=pen&sort=-price'],
  ['names of metrics', '/api/v1/metrics/names?limit=100'],
  ['metrics', '/api/v1/metrics?limit=100'],
  ['logs', '/api/v1/logs?limit=100'],
  ['messages', '/api/v1/messages?limit=100'],
  ['mailings with their counts', '/api/v1/mailings/stats?limit=100'],
])('a page of %s ends early where its bytes are too many, and leads on', async (_list, url) => {
  expect(await sizes(url)).toEqual([1, 1, 1])
})

test('the whole list of products ends early as well, and names the next part', async () => {
  let url: string | undefined = '/products'
  const found: number[][] = []
  while (url !== undefined && found.length < 10) {
    const response: Awaited<ReturnType<typeof suite.api.get>> = await suite.api.get(url)
    found.push(response.json<{ id: number }[]>().map(({ id }) => id))
    url = /<([^>]+)>; rel="next"/.exec(String(response.headers['link']))?.[1]
  }
  expect(found).toEqual([[1], [2], [3]])
})

test('the page of products shows what fits, with a link to the rest', async () => {
  const { body } = await suite.api.get('/')
  expect(body).toContain('pen 1')
  expect(body).not.toContain('pen 2')
  expect(body).toContain('cursor=')
})
