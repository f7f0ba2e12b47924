import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createTestDatabase,
  eventually,
  freePort,
  serviceUrls,
  testPrefix,
  cleanNats,
  type TestDatabase,
} from '@runnel/testing'
import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  buildImage,
  findAppClosure,
  readCompose,
  readManifest,
  runInImage,
  startImage,
  type Image,
} from '../src/index.ts'
import { APPS, ROOT } from './workspace.ts'

/** The steps of the Dockerfile, really carried out in a folder that is empty before; there need not be a Docker. */
const BUILD_LIMIT_MS = 240_000
const compose = readCompose(ROOT)

let folder: string
let database: TestDatabase
const prefix = testPrefix()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-images-'))
  // The image's user has to get in.
  chmodSync(folder, 0o755)
  database = await createTestDatabase({ migrated: false })
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await database.drop()
  await cleanNats(serviceUrls().NATS_URL, prefix)
}, BUILD_LIMIT_MS)

/** As docker-compose.yaml sets it, with the services of this test in place of its own. */
async function environmentOf(app: string): Promise<Record<string, string>> {
  const own: Record<string, string> = { ...serviceUrls(), DATABASE_URL: database.url, SUBJECT_PREFIX: prefix }
  const set = { ...compose.services[app]?.environment }
  for (const name of Object.keys(set)) if (name in own) set[name] = own[name] as string
  return { ...set, PORT: String(await freePort()), SUBJECT_PREFIX: prefix }
}

interface LockFile {
  readonly packages: Readonly<
    Record<string, { hasInstallScript?: boolean; link?: boolean; extraneous?: boolean }>
  >
}

function installedPackages(image: Image): LockFile['packages'] {
  const file = join(image.root, 'app/node_modules/.package-lock.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as LockFile).packages
}

function megabytes(path: string): number {
  const size = (entry: string): number => {
    const stat = lstatSync(entry)
    if (!stat.isDirectory()) return stat.size
    return readdirSync(entry).reduce((sum, name) => sum + size(join(entry, name)), 0)
  }
  return Math.round(size(path) / 1e5) / 10
}

// Consumer first: its image migrates the database that the others need.
describe.each(['consumer', ...APPS.filter((app) => app !== 'consumer')])('the image of %s', (app) => {
  let image: Image

  beforeAll(async () => {
    const stages = join(folder, app)
    mkdirSync(stages)
    image = await buildImage({ context: ROOT, args: { APP: app }, folder: stages })
    const packages = megabytes(join(image.root, 'app/node_modules'))
    process.stderr.write(`${app}: ${packages} MB of packages\n`)
  }, BUILD_LIMIT_MS)

  afterAll(() => rm(join(folder, app), { recursive: true, force: true }), BUILD_LIMIT_MS)

  test('holds the app and the libraries that it depends on, and no others', () => {
    const wanted = findAppClosure(ROOT, app).map(({ folder: project }) => project)
    expect(globSync('{apps,libs,tools}/*', { cwd: join(image.root, 'app') }).sort()).toEqual(wanted)
    const links = Object.entries(installedPackages(image)).filter(([, entry]) => entry.link)
    expect(links).toHaveLength(wanted.length)
  })

  test('holds no package for development, none too many and none too few', async () => {
    const names = Object.keys(installedPackages(image)).map((path) => path.split('node_modules/').at(-1))
    const tools = Object.keys(readManifest(ROOT).devDependencies ?? {})
    expect(tools).toEqual(expect.arrayContaining(['jest', 'nx', 'typescript', 'node']))
    expect(names.filter((name) => tools.includes(name ?? ''))).toEqual([])
    // Fails for a package that nothing asks for, and for one that is missing.
    await promisify(execFile)('npm', ['ls', '--all', '--omit=dev'], { cwd: join(image.root, 'app') })
  })

  test('needs no install script, for none is run', () => {
    const scripted = Object.entries(installedPackages(image)).filter(([, entry]) => entry.hasInstallScript)
    expect(scripted).toEqual([])
  })

  test('holds no tests, settings of this machine or types', () => {
    const files = globSync('{*,apps/**,libs/**}', {
      cwd: join(image.root, 'app'),
      exclude: (name) => name === 'node_modules',
    })
    expect(files).toContain(`apps/${app}/src/main.ts`)
    expect(files.filter((file) => /\.test\.ts$|\/test(\/|$)|\.env|\.d\.ts$|jest\.config/.test(file))).toEqual(
      [],
    )
  })

  if (app === 'consumer')
    test('migrates an empty database, again and again', async () => {
      const { command = [], working_dir: workdir = '' } = compose.services['migrate'] ?? {}
      const env = { DATABASE_URL: database.url }
      await runInImage(image, command, { workdir, env })
      await runInImage(image, command, { workdir, env })
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

/** Its uid; undefined where /proc tells nothing. */
function userOf(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return undefined
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1])
}
