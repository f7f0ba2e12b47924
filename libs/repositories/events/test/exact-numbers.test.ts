import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { writeNumeric, type JsonNumber, type JsonValue } from '@runnel/contracts'
import fc from 'fast-check'
import { findLog, listLogs } from '../src/reads/log-reads.ts'
import { jsonbText } from '../src/reads/jsonb-text.ts'
import { findMetric } from '../src/reads/metric-reads.ts'
import { listProducts } from '../src/reads/list-products.ts'
import { listReceivedLogs } from '../src/reads/list-received-logs.ts'
import { findProducts } from '../src/reads/product-reads.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { storeMetrics } from '../src/writes/store-metrics.ts'
import { storeProducts } from '../src/writes/store-products.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { aLog, aMetric, aProduct } from './rows.ts'

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`))

/** Every number that is promised to be kept. */
const number: fc.Arbitrary<JsonNumber> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(
        fc.constant('0'),
        digits(0, 49).map((rest) => `7${rest}`),
      ),
      fc.option(digits(1, 50), { nil: undefined }),
      fc.option(fc.integer({ min: -400, max: 400 }), { nil: undefined }),
    )
    .map(([sign, whole, fraction, exponent]) => {
      const places = fraction === undefined ? '' : `.${fraction}`
      return JSON.rawJSON(`${sign}${whole}${places}${exponent === undefined ? '' : `e${exponent}`}`)
    }),
)

const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.constantFrom('1.0', null, true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'bb', '1.0'), tie('value'), { noNullPrototype: true }),
  ),
})).value

const ROWS = 200

describe.each(ENGINES)('numbers in %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
  })
  afterAll(() => database.drop())

  it('come back from logs digit by digit, whichever way they are read', async () => {
    const logs = fc.sample(json, { seed: 3, numRuns: ROWS }).map((n) => aLog({ data: { n } }))
    await storeLogs(database, logs, [])
    const page = { limit: ROWS, maxBytes: 64 * 1024 ** 2 }
    const fromMs = Date.now() - 600_000
    const listed = await listLogs(database, { fromMs }, page)
    const received = await listReceivedLogs(database, {}, fromMs, page)
    for (const { items } of [listed, received]) {
      const texts = new Map(items.map(({ id, dataText }) => [id, dataText]))
      for (const { id, data } of logs) expect(texts.get(id)).toBe(jsonbText(data))
    }
    expect((await findLog(database, logs[0]!.id))?.dataText).toBe(jsonbText(logs[0]!.data))
  })

  it('come back from metrics, and leave the column empty where no double is near', async () => {
    const huge = JSON.rawJSON('1e400')
    const metric = aMetric({ value: null, tags: { huge }, data: { value: huge }, extra: { huge } })
    await storeMetrics(database, [metric], [])
    const written = `1${'0'.repeat(400)}`
    expect(await findMetric(database, metric.id)).toMatchObject({
      value: null,
      tagsText: `{"huge": ${written}}`,
      dataText: `{"value": ${written}}`,
      extraText: `{"huge": ${written}}`,
    })
  })

  it('come back from products, prices and attributes alike', async () => {
    const prices = fc.sample(number, { seed: 4, numRuns: ROWS })
    const products = prices.map((price, i) => aProduct({ productId: i + 1, price, attributes: { price } }))
    await storeProducts(database, products, [])
    const ids = products.map(({ productId }) => productId!)
    const found = await findProducts(database, ids)
    const listed = await listProducts(database, { limits: { items: ROWS, bytes: 1e9 } })
    for (const { productId, price } of products) {
      const text = writeNumeric(price)
      const one = found.value.get(productId!)!
      expect(writeNumeric(one.price)).toBe(text)
      expect(jsonbText(one.attributes)).toBe(`{"price": ${text}}`)
      expect(writeNumeric(listed.value.items.find(({ id }) => id === productId)!.price)).toBe(text)
      if (JSON.isRawJSON(one.price)) expect(JSON.stringify(one.price)).toBe(text)
    }
  })
})
