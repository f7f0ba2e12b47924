import { afterAll, beforeAll, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { product } from './builders.ts'
import { startApi, type Api } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
let other: Api

beforeAll(async () => {
  other = await startApi({ databaseUrl: suite.database.url, prefix: suite.prefix })
})

afterAll(() => other.close())

/** Stores a product and announces it, as the consumer does. */
async function change(...args: Parameters<typeof product>): Promise<void> {
  const { productIds, version } = await suite.writer.products(product(...args))
  suite.api.notices.send(suite.api.changes, Buffer.from(JSON.stringify({ productIds, version })))
}

/** Without a notice, an entry would be served as it is for 12 to 15 s. */
const BEFORE_EXPIRY_MS = 10_000

const everywhere = async (check: (api: Api) => Promise<boolean>) =>
  eventually(async () => (await check(suite.api)) && (await check(other)), { timeoutMs: BEFORE_EXPIRY_MS })

test('a change is seen by every replica long before its entries expire, in product, lists and page', async () => {
  await change(1, { name: 'old' })
  const urls = ['/api/v1/products/1', '/api/v1/products', '/products', '/']
  for (const url of urls) await everywhere(async (api) => (await api.get(url)).body.includes('old'))
  await change(1, { name: 'brand new' })
  for (const url of urls) await everywhere(async (api) => (await api.get(url)).body.includes('brand new'))
})

test('many changes in a row end in the last one, in the lists too', async () => {
  for (let i = 1; i <= 30; i++) await change(2, { name: `state ${i}.` })
  await everywhere(async (api) => (await api.get('/products')).body.includes('state 30.'))
  await everywhere(async (api) => (await api.get('/api/v1/products/2')).body.includes('state 30.'))
})

test('a deletion and a return are seen as well', async () => {
  await change(3)
  await everywhere(async (api) => (await api.get('/api/v1/products/3')).statusCode === 200)
  await change(3, { op: 'delete' })
  await everywhere(async (api) => (await api.get('/api/v1/products/3')).statusCode === 404)
  await change(3)
  await everywhere(async (api) => (await api.get('/api/v1/products/3')).statusCode === 200)
})

test('a malformed notice has no effect', async () => {
  for (const text of ['', '{', '[]', '{"productIds":["1"],"version":1}', '{"productIds":[1],"version":-1}']) {
    suite.api.notices.send(suite.api.changes, Buffer.from(text))
  }
  await change(4, { name: 'still here' })
  await everywhere(async (api) => (await api.get('/api/v1/products/4')).body.includes('still here'))
})
