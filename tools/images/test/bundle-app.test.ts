import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { eventually, freePort } from '@runnel/testing'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../../..')

let folder: string

/** In a process of its own, for the bundler does not run in the contexts of Jest. */
const bundle = (app: string) =>
  run(process.execPath, ['tools/images/src/bundle/bundle-main.ts', app, folder], { cwd: ROOT })

beforeAll(async () => {
  // Far from every node_modules: what a bundle lacks is not found here.
  folder = mkdtempSync(join(tmpdir(), 'runnel-bundle-'))
  await bundle('producer-sim')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('runs without packages, and serves the files that its packages read', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  const env = { HOST: '127.0.0.1', PORT: new URL(url).port, GATEWAY_PORT: '0', LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [join(folder, 'main.mjs')], { env, stdio: 'inherit' })
  const ended = once(child, 'close')
  try {
    await eventually(async () => (await fetch(`${url}/readyz`)).ok)
    const style = await fetch(`${url}/docs/static/swagger-ui.css`)
    expect([style.status, (await style.text()).length]).toEqual([200, expect.any(Number)])
    expect(await (await fetch(`${url}/docs/json`)).json()).toMatchObject({ openapi: '3.1.0' })
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toEqual([0, null])
})

test('a stack trace names functions, and lines that can be read', async () => {
  const program = `const { loadConfig } = await import(${JSON.stringify(join(folder, 'config.mjs'))})
    loadConfig({ PORT: 'none' })`
  const failed = run(process.execPath, ['--input-type=module', '-e', program])
  const { stderr } = await failed.then(
    () => ({ stderr: '' }),
    (error: { stderr: string }) => error,
  )
  const [, name, line = 0] = /at (readSettings) \(.*\.mjs:(\d+):/.exec(stderr) ?? []
  expect(name).toBe('readSettings')
  const chunks = readdirSync(folder).filter((file) => file.endsWith('.mjs'))
  const lines = chunks.map((file) => readFileSync(join(folder, file), 'utf8').split('\n')[Number(line) - 1])
  expect(lines).toContainEqual(expect.stringContaining('throw new ConfigError'))
})

test('is ASCII, for V8 keeps a source with any other character in twice the memory', () => {
  const chunks = readdirSync(folder).filter((file) => file.endsWith('.mjs'))
  expect(chunks.length).toBeGreaterThan(1)
  for (const file of chunks) expect(readFileSync(join(folder, file), 'utf8')).toMatch(/^[\x00-\xff]*$/)
})

test('carries the licences of the packages that it is made of', () => {
  const licences = readFileSync(join(folder, 'LICENCES.txt'), 'utf8')
  expect(licences).toMatch(/^fastify \d+\.\d+\.\d+ \(MIT\)\n\nMIT License/m)
  expect(licences).toMatch(/^@fastify\/swagger-ui /m)
  expect(licences).not.toMatch(/^@runnel/m)
})

test('an app that is not there is named', async () => {
  await expect(bundle('nobody')).rejects.toThrow('There is no app nobody')
})
