import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parseKey } from '@runnel/http'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { execFile } from 'node:child_process'
import { join } from 'node:path'

let made: TestDatabase

beforeAll(async () => {
  made = await createTestDatabase()
})
afterAll(() => made.drop())

/** `npm run keys` as a person calls it. */
function keys(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const main = join(import.meta.dirname, '../src/keys/keys-main.ts')
  const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: made.url }
  return new Promise((resolve) =>
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  )
}

test('npm run keys makes, lists, rotates and revokes a key, with the key alone on stdout', async () => {
  const options = ['--scopes', 'logs:write,logs:read', '--expires', '90d', '--quota', 'requests=5', '--test']
  const created = await keys('create', '--name', 'nightly', ...options)
  expect(created).toMatchObject({ code: 0 })
  expect(created.stderr).toContain('shown this once')
  const parsed = parseKey(created.stdout.trimEnd())
  if (typeof parsed === 'string') throw new Error(`not a key: ${created.stdout}`)
  const { id } = parsed
  const list = await keys('list')
  expect(list.stdout).toMatch(new RegExp(`^ID .*\n${id}  active  test  nightly  logs:write,logs:read  never`))
  const rotated = await keys('rotate', id, '--overlap', '1h')
  expect(parseKey(rotated.stdout.trimEnd())).toMatchObject({ id })
  expect(rotated.stdout).not.toBe(created.stdout)
  expect(rotated.stderr).toContain('stays valid until')
  expect((await keys('list')).stdout).toContain('rotating until')
  expect((await keys('revoke', id)).stderr).toContain('Revoked: nightly')
  const all = JSON.parse((await keys('list', '--json')).stdout) as unknown
  expect(all).toMatchObject([{ id, state: 'revoked', quotas: { requests: 5 }, kind: 'test' }])
  expect((await keys('accept-restored')).stderr).toContain('the 1 keys')
})

test('npm run keys shows names without what a terminal would obey', async () => {
  const created = await keys('create', '--name', 'a\x1b[2Jb\u202ec', '--role', 'viewer')
  expect(created.stderr).toContain('The key of a?[2Jb?c (')
  const { id } = parseKey(created.stdout.trimEnd()) as { id: string }
  const outputs = [created, await keys('list'), await keys('rotate', id), await keys('revoke', id)]
  for (const { code, stdout, stderr } of outputs) {
    expect(code).toBe(0)
    expect(stdout + stderr).not.toMatch(/[\x1b\u202e]/)
  }
})

test.each([
  [['create', '--name', 'x'], 'either --scopes or --role'],
  [['create', '--name', 'x', '--scopes', 'logs:all'], '"logs:all" is no scope'],
  [['create', '--name', 'x', '--role', 'root'], 'expected one of viewer'],
  [['create', '--role', 'admin'], '--name is missing'],
  [['create', '--name', 'x', '--role', 'admin', '--expires', 'soon'], '--expires soon: expected 90d'],
  [['create', '--name', 'x', '--role', 'admin', '--network', 'here'], '"here" is no network'],
  [['create', '--name', 'x', '--role', 'admin', '--quota', 'cats=1'], '--quota cats=1: expected NAME=NUMBER'],
  [['rotate', 'x'], 'Give the id of the key'],
  [['revoke', 'a'.repeat(16)], 'There is no key'],
  [['delete'], 'Expected one of list, create, rotate, revoke'],
])('npm run keys %j says what was wrong', async (args, sentence) => {
  const { code, stderr, stdout } = await keys(...args)
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain(sentence)
})
