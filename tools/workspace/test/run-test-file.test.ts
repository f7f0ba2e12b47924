import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const RUNNER = fileURLToPath(new URL('../src/jest/run-test-file.ts', import.meta.url))
const JEST = fileURLToPath(new URL('../../../node_modules/jest/bin/jest.js', import.meta.url))

const GLOBALS = `import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'\n`
const FILES: Record<string, string> = {
  'package.json': '{ "type": "module" }',
  'shared.ts': 'export const shared: { loads: number } = { loads: 0 }\nshared.loads += 1',
  'a-fakes.test.ts': `
    import { shared } from './shared.ts'
    it('replaces clocks', () => {
      jest.useFakeTimers({ now: 0 })
      jest.spyOn(Math, 'random').mockReturnValue(7)
      expect([Date.now(), Math.random(), shared.loads]).toEqual([0, 7, 1])
    })`,
  'b-real.test.ts': `
    import { shared } from './shared.ts'
    it('has the real ones, and the module of the other file', () => {
      expect(Date.now()).toBeGreaterThan(0)
      expect(Math.random()).toBeLessThan(1)
      expect(shared.loads).toBe(1)
    })`,
  'c-failures.test.ts': `
    const at: number = 1
    it('is not equal', () => expect(at).toBe(2))
    it('never ends', () => new Promise(() => undefined), 50)
    it('is right', () => undefined)
    it.skip('is left out', () => undefined)
    it.todo('is to come')
    it.each([1, 2])('counts %i', (n) => expect(n).toBe(1))
    describe('a group whose hook fails', () => {
      beforeAll(() => { throw new Error('no hook') })
      it('has not run', () => undefined)
    })
    it('rejects beside', async () => {
      void Promise.reject(new Error('beside'))
      await new Promise((resolve) => setTimeout(resolve, 20))
    })`,
  'd-ends.test.ts': `afterAll(() => { throw new Error('no end') })\nit('ran', () => undefined)`,
  'd-broken.test.ts': `describe('x', () => { throw new Error('no group') })`,
  'e-missing.test.ts': `import './nowhere.ts'\nit('is', () => undefined)`,
  'f-empty.test.ts': '',
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-run-test-file-'))
  for (const [name, source] of Object.entries(FILES))
    writeFileSync(join(folder, name), name.endsWith('.test.ts') ? GLOBALS + source : source)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

async function runJest(...args: readonly string[]) {
  const report = join(folder, 'report.json')
  const config = { rootDir: folder, testEnvironment: 'node', transform: {}, testRunner: RUNNER }
  const [json, output] = [
    JSON.stringify({ ...config, testMatch: ['**/*.test.ts'] }),
    `--outputFile=${report}`,
  ]
  const child = spawn(process.execPath, [JEST, '--config', json, '--json', output, '-i', ...args], {
    stdio: 'ignore',
    env: { ...process.env, FORCE_COLOR: '0' },
  })
  const [code] = (await once(child, 'exit')) as [number]
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const fileOf = (name: string) => testResults.find((file) => file.name.endsWith(`/${name}.test.ts`))
  const statusesOf = (name: string) =>
    Object.fromEntries(fileOf(name)?.assertionResults.map(({ fullName, status }) => [fullName, status]) ?? [])
  return { code, fileOf, statusesOf }
}

test('files share their modules, and find clocks and functions as they were', async () => {
  const { code, statusesOf } = await runJest('a-fakes', 'b-real')
  expect(statusesOf('a-fakes')).toEqual({ 'replaces clocks': 'passed' })
  expect(statusesOf('b-real')).toEqual({ 'has the real ones, and the module of the other file': 'passed' })
  expect(code).toBe(0)
})

test('what fails, never ends, or rejects beside is a failure of its test, with its line', async () => {
  const { code, fileOf, statusesOf } = await runJest('c-failures')
  expect(statusesOf('c-failures')).toEqual({
    'is not equal': 'failed',
    'never ends': 'failed',
    'is right': 'passed',
    'is left out': 'pending',
    'is to come': 'todo',
    'counts 1': 'passed',
    'counts 2': 'failed',
    'a group whose hook fails has not run': 'failed',
    'rejects beside': 'failed',
  })
  const file = fileOf('c-failures')
  expect(file?.message).toContain('c-failures.test.ts:4:')
  expect(file?.message).toContain('Exceeded timeout of 50 ms')
  expect(code).toBe(1)
})

test.each([
  ['d-broken', 'no group'],
  ['d-ends', 'no end'],
  ['e-missing', 'nowhere.ts'],
  ['f-empty', 'must contain at least one test'],
])('%s is a failure of its file: %s', async (name, message) => {
  const { code, fileOf } = await runJest(name)
  expect(fileOf(name)?.message).toContain(message)
  expect(code).toBe(1)
})

test('a pattern chooses tests by their names', async () => {
  const { code, statusesOf } = await runJest('c-failures', '-t', 'is right')
  const statuses = Object.entries(statusesOf('c-failures'))
  expect(statuses.filter(([, status]) => status === 'passed')).toEqual([['is right', 'passed']])
  expect(statuses.filter(([, status]) => status === 'failed')).toEqual([])
  expect(code).toBe(0)
})
