import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const REPORTER = fileURLToPath(new URL('../bin/jest-end.js', import.meta.url))
const JEST = fileURLToPath(new URL('../../../node_modules/jest/bin/jest.js', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-jest-end-'))
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(folder, 'clean.test.js'), `test('is right', () => undefined)`)
  writeFileSync(
    join(folder, 'leak.test.js'),
    `test('is right', () => void require('node:net').createServer().listen(0, '127.0.0.1'))`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function runJest(file: string) {
  const reporters = ['default', [REPORTER, { graceMs: 300 }]]
  const config = JSON.stringify({ rootDir: folder, testEnvironment: 'node', transform: {}, reporters })
  const child = spawn(process.execPath, [JEST, '--config', config, '--runInBand', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { code: code as number, output }
}

test('a run that leaves a server open ends, and has failed', async () => {
  const { code, output } = await runJest('leak.test.js')
  expect(output).toContain('1 passed')
  expect(output).toContain('something is left open')
  expect(code).toBe(1)
})

test('a run that leaves nothing open ends by itself', async () => {
  const { code, output } = await runJest('clean.test.js')
  expect(output).toContain('1 passed')
  expect(output).not.toContain('left open')
  expect(code).toBe(0)
})
