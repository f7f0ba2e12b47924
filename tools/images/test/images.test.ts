import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { APP_NAMES } from '@runnel/contracts/apps'
import {
  createTestDatabase,
  eventually,
  freePort,
  serviceUrls,
  testPrefix,
  cleanNats,
  type TestDatabase,
} from '@runnel/testing'
import { chmodSync, existsSync, globSync, lstatSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImage, type Image, type Stage } from '../src/image/build-image.ts'
import { findAppProjects, readManifest } from '../src/image/find-app-projects.ts'
import { runInImage, startImage } from '../src/image/start-image.ts'
import { readCompose } from '../src/read-compose.ts'
import { withSecretsIn, writeSecrets } from './installed-secrets.ts'
import { ROOT } from './workspace.ts'

/** The steps of the Dockerfile, really carried out in a folder that is empty before; there need not be a Docker. */
const BUILD_LIMIT_MS = 240_000
const secrets = writeSecrets(readCompose(ROOT))
const compose = withSecretsIn(readCompose(ROOT), secrets)

let folder: string
let database: TestDatabase
const prefix = testPrefix()
/** The stages before the last one are built for the first image, and serve all. */
const cache = new Map<string, Stage>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-images-'))
  // The image's user has to get in.
  chmodSync(folder, 0o755)
  database = await createTestDatabase({ migrated: false })
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await rm(secrets, { recursive: true, force: true })
  await database.drop()
  await cleanNats(serviceUrls().NATS_URL, prefix)
}, BUILD_LIMIT_MS)

/** As docker-compose.yaml sets it, with the services of this test in place of its own. */
async function environmentOf(app: string): Promise<Record<string, string>> {
  const own: Record<string, string> = { ...serviceUrls(), DATABASE_URL: database.url, SUBJECT_PREFIX: prefix }
  // Pages are asked for without a key here, and this machine's servers may have a well-known password.
  const open = { AUTH: 'none', HOST: '127.0.0.1', KEYS_SNAPSHOT_FILE: '' }
  const set = { ...compose.services[app]?.environment }
  for (const [name, value] of Object.entries(set)) {
    const server = name.replace(/_FILE$/, '')
    if (server in own) {
      delete set[name]
      set[server] = own[server]!
    }
    // What is empty where the variable is not set, YAML reads as null.
    else if ((value as string | null) === null) set[name] = ''
  }
  return { ...set, ...open, PORT: String(await freePort()), SUBJECT_PREFIX: prefix }
}

interface LockFile {
  readonly packages: Readonly<
    Record<string, { hasInstallScript?: boolean; link?: boolean; resolved?: string }>
  >
}

const build = (app: string) => buildImage({ context: ROOT, args: { APP: app }, folder, cache })

function megabytes(path: string): number {
  const size = (entry: string): number => {
    const stat = lstatSync(entry)
    if (!stat.isDirectory()) return stat.size
    return readdirSync(entry).reduce((sum, name) => sum + size(join(entry, name)), 0)
  }
  return Math.round(size(path) / 1e5) / 10
}

// Consumer first: its image migrates the database that the others need.
describe.each(['consumer', ...APP_NAMES.filter((app) => app !== 'consumer')])('the image of %s', (app) => {
  let image: Image

  beforeAll(async () => {
    image = await build(app)
    process.stderr.write(`${app}: ${megabytes(join(image.root, 'app'))} MB\n`)
  }, BUILD_LIMIT_MS)

  afterAll(() => rm(image.root, { recursive: true, force: true }), BUILD_LIMIT_MS)

  test('holds its bundle, its licences and the files that it reads: no package but those of machine code, no source, test or setting', () => {
    const files = globSync('*', { cwd: join(image.root, 'app') })
    const more = ['LICENCES.txt', 'files', 'healthcheck.ts']
    expect(files).toEqual(expect.arrayContaining(['main.mjs', 'config.mjs', ...more]))
    const native = app === 'query-api' ? ['node_modules'] : []
    expect(files.filter((file) => !file.endsWith('.mjs')).sort()).toEqual([...more, ...native])
    for (const one of globSync('node_modules/*/*', { cwd: join(image.root, 'app') }))
      expect(one).toMatch(/^node_modules\/@node-rs\/argon2/)
    expect(globSync('**/{*.ts,*.map,.env*}', { cwd: join(image.root, 'app/files') })).toEqual([])
  })

  if (app === 'consumer')
    test('migrates an empty database, again and again', async () => {
      const { command = [] } = compose.services['migrate'] ?? {}
      const env = { DATABASE_URL: database.url }
      await runInImage(image, command, { env })
      await runInImage(image, command, { env })
    })

  test(
    'runs as its user, answers its health check, becomes ready, and ends with 0 on SIGTERM',
    async () => {
      expect(image.user).toBe('node')
      const env = await environmentOf(app)
      await expect(runInImage(image, image.healthcheck, { env })).rejects.toThrow()
      const child = startImage(image, { env })
      let log = ''
      for (const output of [child.stdout, child.stderr]) output?.on('data', (text) => (log += String(text)))
      const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
      try {
        await eventually(() => runInImage(image, image.healthcheck, { env }).then(() => true), {
          timeoutMs: 30_000,
          everyMs: 200,
        })
        await eventually(async () => (await fetch(`http://127.0.0.1:${env['PORT']}/readyz`)).ok)
        await expectFound(`http://127.0.0.1:${env['PORT']}/docs/static/swagger-ui.css`)
        if (app === 'query-api') await expectPages(`http://127.0.0.1:${env['PORT']}`)
        expect(userOf(child.pid)).not.toBe(0)
      } catch (cause) {
        throw new Error(`${app} did not come up\n${log}`, { cause })
      } finally {
        child.kill('SIGTERM')
      }
      expect(await exited).toEqual([0, null])
    },
    BUILD_LIMIT_MS,
  )
})

describe('the stage that bundles', () => {
  /** What npm installed in it. */
  let installed: LockFile['packages']

  beforeAll(async () => {
    await build('consumer')
    const file = join(folder, 'build/source/node_modules/.package-lock.json')
    installed = (JSON.parse(readFileSync(file, 'utf8')) as LockFile).packages
  }, BUILD_LIMIT_MS)

  test('is one for all images', () => {
    expect([...cache.keys()].filter((key) => key.startsWith('build'))).toEqual(['build'])
  })

  test('holds the apps, their libraries and the bundler, and no package of their tests', () => {
    const wanted = [...findAppProjects(ROOT).map(({ folder: project }) => project), 'tools/images']
    const links = Object.values(installed).filter(({ link }) => link)
    expect(links.map(({ resolved }) => resolved).sort()).toEqual(wanted.sort())
    const names = Object.keys(installed).map((path) => path.split('node_modules/').at(-1))
    const tools = Object.keys(readManifest(ROOT).devDependencies ?? {})
    expect(tools).toEqual(expect.arrayContaining(['jest', 'nx', 'typescript', 'node']))
    expect(names.filter((name) => tools.includes(name ?? ''))).toEqual([])
  })

  test('needs no install script, for none is run', () => {
    expect(Object.entries(installed).filter(([, entry]) => entry.hasInstallScript)).toEqual([])
  })
})

/** The console with the script that it names, and the style of the pages. */
async function expectPages(url: string): Promise<void> {
  const page = await (await fetch(`${url}/console/logs`)).text()
  await expectFound(url + String(/src="(\/console\/assets\/[^"]+\.js)"/.exec(page)?.[1]))
  await expectFound(`${url}/assets/style.css`)
}

async function expectFound(url: string): Promise<void> {
  const response = await fetch(url)
  // To its end: an answer that is not read holds up the drain.
  await response.arrayBuffer()
  expect([url, response.status]).toEqual([url, 200])
}

/** Its uid; undefined where /proc tells nothing. */
function userOf(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return undefined
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1])
}
