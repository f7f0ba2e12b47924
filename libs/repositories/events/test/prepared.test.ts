import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { findProducts } from '../src/reads/product-reads.ts'
import { storeProducts } from '../src/writes/store-products.ts'
import { connectDatabase, type Database, ensurePartitions } from '@runnel/repositories-database'
import { aProduct } from './rows.ts'

let made: TestDatabase
let database: Database

beforeEach(async () => {
  made = await createTestDatabase()
  const url = made.url
  database = connectDatabase({ url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 })
  await ensurePartitions(database, [Date.now()])
})
afterEach(async () => {
  await database.close()
  await made.drop()
})

it('a connection prepares the look-up of a product once, and goes on to see every change', async () => {
  for (let version = 1; version <= 10; version++) {
    await storeProducts(database, [aProduct({ productId: 1, name: `Mug ${version}`, version })], [])
    const { value } = await findProducts(database, [1, 2])
    expect([...value.values()]).toMatchObject([{ id: 1, name: `Mug ${version}`, version }])
  }
  const { rows } = await sql<{ name: string; runs: number }>`
    select name, (generic_plans + custom_plans)::int as runs from pg_prepared_statements`.execute(
    database.kysely,
  )
  expect(rows).toEqual([{ name: 'find_products', runs: 10 }])
})
