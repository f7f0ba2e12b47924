import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFences } from '@runnel/checks/read-fences'
import { createQueryClient } from '@runnel/client'
import { APPS, portVariable } from '@runnel/contracts/apps'
import { eventually, spawnStandalone, workspaceRoot, type RunningStandalone } from '@runnel/testing'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { packClient } from '../src/pack-client.ts'

const START_MS = 300_000
const MODULES = join(workspaceRoot, 'node_modules')
/** What the program of a user has beside the package: loggers, and the bases of their transports, which they bring. */
const LOGGERS = ['pino', 'pino-abstract-transport', 'winston', 'winston-transport']

/** The Node.js of the workspace, and that of the system, which may be as old as the package takes. */
const NODES = [...new Set([process.execPath, systemNode()].filter((node) => node !== undefined))].map(
  (path) => ({
    path,
    version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(),
  }),
)

const folder = mkdtempSync(join(tmpdir(), 'runnel-packed-client-'))
const program = join(folder, 'program')
let runnel: RunningStandalone

beforeAll(async () => {
  install(packClient(join(folder, 'packed')))
  runnel = await spawnStandalone(join(folder, 'data'))
}, START_MS)

afterAll(async () => {
  await runnel?.close()
  rmSync(folder, { recursive: true, force: true })
}, START_MS)

function systemNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
  return folders.map((path) => join(path, 'node')).find((path) => existsSync(path))
}

/** Into a program of its own, without a network: what the package depends on is packed from the workspace. */
function install(tarball: string): void {
  mkdirSync(program)
  writeFileSync(join(program, 'package.json'), '{ "private": true, "type": "module" }')
  const dependencies = ['openapi-fetch', 'openapi-typescript-helpers'].map((name) => join(MODULES, name))
  const options = ['--offline', '--install-links', '--no-audit', '--no-fund', '--ignore-scripts']
  execFileSync('npm', ['install', ...options, tarball, ...dependencies], { cwd: program, stdio: 'pipe' })
  for (const name of LOGGERS) symlinkSync(join(MODULES, name), join(program, 'node_modules', name))
}

/** Runs a program beside the package. @returns what it wrote to stdout, without colours @throws Error with its stderr */
async function run(node: string, name: string, text: string): Promise<string> {
  const file = join(program, name)
  writeFileSync(file, text)
  const { stdout, stderr } = await promisify(execFile)(node, [file], { cwd: program, timeout: START_MS })
  expect(stderr).toBe('')
  return stripVTControlCharacters(stdout)
}

async function storedMessages(service: string): Promise<(string | null)[]> {
  const query = createQueryClient({ url: runnel.query })
  const { data } = await query.GET('/api/v1/logs', { params: { query: { service } } })
  return data!.items.map(({ message }) => message)
}

describe.each(NODES)('the packed client in Node.js $version', ({ path, version }) => {
  it('sends an event and reads it back', async () => {
    const text = `
      import { createQueryClient, createSender } from '@runnel/client'
      const sender = createSender({ url: '${runnel.ingest}' })
      await sender.log({ message: 'packed', service: 'packed ${version}' })
      await sender.close()
      const query = createQueryClient({ url: '${runnel.query}' })
      const { data } = await query.GET('/api/v1/logs', { params: { query: { service: 'packed ${version}' } } })
      console.log(data.items.map(({ message }) => message).join())`
    expect(await run(path, 'send.js', text)).toBe('packed\n')
  })

  it('is the transport of pino, by its name; the end of the program sends what is queued', async () => {
    const service = `pino ${version}`
    const text = `
      import { pino } from 'pino'
      const options = { url: '${runnel.ingest}', batchAgeMs: 60_000 }
      const log = pino({ name: '${service}', transport: { target: '@runnel/client/pino', options } })
      log.info('by pino')`
    await run(path, 'pino.js', text)
    await eventually(async () => {
      expect(await storedMessages(service)).toEqual(['by pino'])
      return true
    })
  })

  it('is a transport of winston', async () => {
    const service = `winston ${version}`
    const text = `
      import { RunnelTransport } from '@runnel/client/winston'
      import winston from 'winston'
      const transport = new RunnelTransport({ url: '${runnel.ingest}', service: '${service}' })
      winston.createLogger({ transports: [transport] }).info('by winston').end()`
    await run(path, 'winston.js', text)
    expect(await storedMessages(service)).toEqual(['by winston'])
  })

  const README = readFileSync(join(workspaceRoot, 'libs/client/README.md'), 'utf8')
  const examples = readFences(README).filter(({ language }) => language === 'js')

  it.each(examples)('runs the example at line $line of its README', async ({ line, lines }) => {
    expect(examples.length).toBeGreaterThanOrEqual(4)
    const text = lines
      .join('\n')
      .replace(/localhost:(\d+)/g, (_, port: string) => `127.0.0.1:${portOf(Number(port))}`)
    const printed = await run(path, `example-${line}.js`, text)
    if (text.includes('query.GET')) expect(printed).toContain('testing the client')
    if (text.includes('counts()')) expect(printed).toContain('delivered: 3')
  })
})

function portOf(documented: number): string {
  const app = (Object.keys(APPS) as (keyof typeof APPS)[]).find((name) => APPS[name].port === documented)
  return runnel.env[portVariable(app!)]!
}

describe('the package', () => {
  it('has what its README shows stored', async () => {
    const query = createQueryClient({ url: runnel.query })
    const { data } = await query.GET('/api/v1/logs', { params: { query: { service: 'shop', limit: 100 } } })
    const messages = data!.items.map(({ message }) => message)
    expect(messages).toEqual(expect.arrayContaining(['paid', 'testing the sender']))
  })

  it('has types that a strict program compiles with', async () => {
    const text = `
      import { createIngestClient, createSender, type Log } from '@runnel/client'
      import { RunnelTransport } from '@runnel/client/winston'
      const log: Log = { message: 'typed', orderId: 5 }
      await createSender({ url: 'http://localhost:8080', batchEvents: 10 }).log(log)
      const { data } = await createIngestClient({ url: 'http://localhost:8080' }).POST('/api/v1/logs', { body: log })
      export const status: 'ok' | 'stored' | 'superseded' | 'duplicate' | undefined = data?.status
      export const transport = new RunnelTransport({ url: 'http://localhost:8080' })
      // @ts-expect-error A metric has data.
      await createSender({ url: 'http://localhost:8080' }).metric({ value: 1 })`
    writeFileSync(join(program, 'typed.ts'), text)
    const types = { types: ['node'], typeRoots: [join(MODULES, '@types')] }
    const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, ...types }
    writeFileSync(join(program, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
    const compiler = join(MODULES, 'typescript/bin/tsc')
    const compiled = promisify(execFile)(process.execPath, [compiler, '-p', program], { cwd: program })
    expect(
      await compiled.then(
        ({ stdout }) => stdout,
        ({ stdout }: { stdout: string }) => stdout,
      ),
    ).toBe('')
  })

  it('holds what was compiled, its README and its licence, and depends on openapi-fetch alone', () => {
    const root = join(program, 'node_modules/@runnel/client')
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object>
    expect(Object.keys(manifest['dependencies']!)).toEqual(['openapi-fetch'])
    expect(manifest).not.toHaveProperty('private')
    expect(manifest).not.toHaveProperty('devDependencies')
    for (const file of ['README.md', 'LICENSE', 'index.js', 'index.d.ts', 'sender/batch-sender.js'])
      expect([file, existsSync(join(root, file))]).toEqual([file, true])
    expect(existsSync(join(root, 'index.ts'))).toBe(false)
  })
})
