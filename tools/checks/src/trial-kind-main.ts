import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/**
 * Adds a kind of event to a copy of the workspace and compiles it: everything that differs by kind has to be named by the
 * compiler. A place that stays silent would leave a stream without a consumer, or a table without partitions.
 *
 * `npm run check:trial-kind`; it compiles the whole workspace anew, which is too much for the unit tests.
 */

/** What differs by kind, and the file that has to say so. Folders and file names apart: files may move within a package. */
const PLACES: readonly (readonly [what: string, folder: string, file: string])[] = [
  ['subject at the broker', 'libs/contracts', 'subjects.ts'],
  ['schema of an event', 'libs/contracts', 'validate-item.ts'],
  ['byte limit of the stream', 'libs/runtime', 'common-settings.ts'],
  ['table and its partitions', 'libs/repositories', 'partitions.ts'],
  ['item of a stored row', 'libs/repositories', 'find-stored-items.ts'],
  ['route and its schema', 'apps/ingest-api', 'event-routes.ts'],
  ['promotion, storing and announcing', 'apps/consumer', 'pipelines.ts'],
  ['generated load', 'apps/producer-sim', 'create-payload.ts'],
]

const KINDS_FILE = 'libs/contracts/src/events/kinds.ts'
const LAST_KIND = /'traces'\] as const/

const root = resolve(import.meta.dirname, '../../..')
const copy = mkdtempSync(join(tmpdir(), 'runnel-trial-kind-'))
try {
  copySources(root, copy)
  linkPackages(root, copy)
  addTrialKind(copy)
  process.exitCode = report(compile(root, copy)) ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}

/** What git knows or would add, as it is in the working tree. */
function copySources(from: string, to: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: from,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  })
  for (const file of listed.split('\0')) {
    if (file === '' || !existsSync(join(from, file))) continue
    mkdirSync(dirname(join(to, file)), { recursive: true })
    copyFileSync(join(from, file), join(to, file))
  }
}

/** Packages of others are those of the workspace; its own are links between the folders of the copy. */
function linkPackages(from: string, to: string): void {
  const own = '@runnel'
  mkdirSync(join(to, 'node_modules'))
  for (const name of readdirSync(join(from, 'node_modules'))) {
    if (name !== own) symlinkSync(join(from, 'node_modules', name), join(to, 'node_modules', name))
  }
  cpSync(join(from, 'node_modules', own), join(to, 'node_modules', own), {
    recursive: true,
    verbatimSymlinks: true,
  })
  for (const project of ['apps', 'libs', 'tools'].flatMap((folder) => projectsIn(from, folder))) {
    const packages = join(from, project, 'node_modules')
    if (existsSync(packages)) symlinkSync(packages, join(to, project, 'node_modules'))
  }
}

/** Folders with packages of their own, two levels deep. */
function projectsIn(from: string, folder: string): string[] {
  const below = (path: string) =>
    readdirSync(join(from, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${path}/${name}`)
  const first = below(folder)
  return [...first, ...first.flatMap(below)].filter((path) => existsSync(join(from, path, 'package.json')))
}

function addTrialKind(folder: string): void {
  const file = join(folder, KINDS_FILE)
  const text = readFileSync(file, 'utf8')
  if (!LAST_KIND.test(text)) throw new Error(`${KINDS_FILE} does not list the kinds as this check expects it`)
  writeFileSync(file, text.replace(LAST_KIND, "'traces', 'trials'] as const"))
}

/** @returns the files that the compiler names, with the number of complaints */
function compile(from: string, folder: string): ReadonlyMap<string, number> {
  const compiler = join(from, 'node_modules/typescript/bin/tsc')
  const { stdout, stderr, error } = spawnSync(process.execPath, [compiler, '-b', '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  })
  if (error) throw error
  if (stderr !== '') throw new Error(`The compiler failed: ${stderr}`)
  const named = new Map<string, number>()
  for (const [, file] of stdout.matchAll(/^(\S+)\(\d+,\d+\): error /gm)) {
    named.set(file!, (named.get(file!) ?? 0) + 1)
  }
  return named
}

/** @returns whether no place is silent */
function report(named: ReadonlyMap<string, number>): boolean {
  const silent = PLACES.filter(
    ([, folder, name]) =>
      ![...named.keys()].some((file) => file.startsWith(`${folder}/`) && file.endsWith(`/${name}`)),
  )
  const complaints = [...named.values()].reduce((sum, count) => sum + count, 0)
  console.log(`Another kind of event: ${complaints} errors of the compiler in ${named.size} files`)
  for (const [file, count] of [...named].sort()) console.log(`  ${file}: ${count}`)
  for (const [what, folder, name] of silent) {
    console.error(`SILENT: ${what}: the compiler does not name ${folder}/.../${name}`)
  }
  return silent.length === 0
}
