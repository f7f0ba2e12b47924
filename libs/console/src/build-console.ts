import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { consoleFolder } from './index.ts'

const project = fileURLToPath(new URL('..', import.meta.url))
const lockFile = join(project, '../../package-lock.json')
/** What was built: the hash of its sources. Lies in the built folder, so that it goes when that goes. */
const MARKER = '.built'

/** Whether what is built is not what the sources say, or nothing is built at all. */
export function isConsoleStale(): boolean {
  const marker = join(consoleFolder, MARKER)
  return !existsSync(marker) || readFileSync(marker, 'utf8') !== hashOfSources()
}

/**
 * Builds the console beside its folder, and puts it in its place once it is whole: a server may be reading it.
 *
 * @throws whatever is wrong with its sources
 */
export async function buildConsole(): Promise<void> {
  // Before the build: what changes meanwhile is built the next time.
  const hash = hashOfSources()
  const { build } = await import('vite')
  const [fresh, old] = [`${consoleFolder}-${process.pid}`, `${consoleFolder}-${process.pid}-old`]
  mkdirSync(dirname(fresh), { recursive: true })
  try {
    const outDir = { outDir: fresh, emptyOutDir: true }
    await build({ configFile: join(project, 'vite.config.ts'), logLevel: 'warn', build: outDir })
    writeFileSync(join(fresh, MARKER), hash)
    if (existsSync(consoleFolder)) renameSync(consoleFolder, old)
    renameSync(fresh, consoleFolder)
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
  }
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  const files = globSync('src/web/**/*.*', { cwd: project })
  const sources = files.filter((name) => !name.endsWith('.test.ts')).sort()
  for (const name of [...sources, 'vite.config.ts'])
    hash.update(`${name}\0`).update(readFileSync(join(project, name)))
  return hash.update(readFileSync(lockFile)).digest('hex')
}
