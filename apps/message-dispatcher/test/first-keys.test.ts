import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parseKey } from '@runnel/http'
import { listKeys, revokeKey } from '@runnel/repositories-access'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

let made: TestDatabase
let database: Database
let folder: string

beforeAll(async () => {
  made = await createTestDatabase()
  database = connectDatabase({
    url: made.url,
    applicationName: 'test',
    poolSize: 1,
    statementTimeoutMs: 10_000,
  })
  folder = mkdtempSync(join(tmpdir(), 'runnel-first-keys-'))
})
afterAll(async () => {
  await database.close()
  await made.drop()
  rmSync(folder, { recursive: true })
})

/** The program of the image, as docker compose runs it. @returns what it prints */
async function firstKeys(): Promise<string> {
  const main = join(import.meta.dirname, '../src/keys/first-keys-main.ts')
  const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: made.url }
  return (await promisify(execFile)(process.execPath, [main, join(folder, 'key')], { env })).stdout
}

const readKey = () => readFileSync(join(folder, 'key'), 'utf8')
const named = async () => (await listKeys(database)).map(({ name, state }) => `${name}: ${state}`).sort()

test('the admin key is printed once, and the key of Prometheus is written to a file as long as it is valid', async () => {
  const printed = /rnl_\w+/.exec(await firstKeys())?.[0] ?? ''
  expect(parseKey(printed)).toMatchObject({ id: expect.any(String) })
  const [key, mode] = [readKey(), statSync(join(folder, 'key')).mode & 0o777]
  expect([parseKey(key), mode]).toEqual([expect.objectContaining({ id: expect.any(String) }), 0o444])
  const { id } = parseKey(key) as { id: string }
  const scrape = (await listKeys(database)).find((each) => each.id === id)
  expect(scrape?.scopes).toEqual(['metrics:scrape'])

  expect(await firstKeys()).not.toContain('rnl_')
  expect([readKey(), await named()]).toEqual([key, ['Prometheus: active', 'first admin key: active']])

  await revokeKey(database, id, 'test')
  await firstKeys()
  expect(readKey()).not.toBe(key)
  expect(await named()).toEqual(['Prometheus: active', 'Prometheus: revoked', 'first admin key: active'])
})
