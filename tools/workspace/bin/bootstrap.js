/**
 * `npm start`, `npm test` and `npm run dev` on a fresh clone: the first thing that runs, on whatever Node is installed and before
 * anything else is. Plain JavaScript without dependencies, for Node 20. It installs the packages when they are
 * missing or other than package-lock.json says, and goes on with the Node that they bring.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const LEAST_NODE = 20
const WANTED_NODE = 'v24.'
/** What runs once the packages are there. */
const PROGRAMS = {
  start: 'tools/standalone/src/main.ts',
  test: 'tools/workspace/src/test-main.ts',
  dev: 'tools/workspace/src/dev-main.ts',
}
/** Builds the web console where its sources have changed; says so itself. */
const CONSOLE_BUILD = 'libs/console/src/build-main.ts'
/** npm removes it with everything else when it installs anew. */
const MARKER = 'node_modules/.runnel-lock-hash'

/**
 * What keeps the installed packages from being those of the lock file; undefined when nothing does. npm writes down
 * what it installed, so this holds for `npm ci` and `npm install` alike.
 */
export function findStaleness(root) {
  const marker = join(root, MARKER)
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hashOfLock(root)) return undefined
  const installedFile = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installedFile)) return 'nothing is installed yet'
  const wanted = readPackages(join(root, 'package-lock.json'))
  const installed = readPackages(installedFile)
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue
    const found = installed[path]
    // npm leaves out what is for other systems.
    if (found === undefined && (entry.optional || entry.devOptional || entry.peer)) continue
    if (found === undefined) return `${path} is not installed`
    if (found.version !== entry.version) return `${path} is ${found.version} instead of ${entry.version}`
  }
  return undefined
}

/** Spares the next run the comparison, and a second `npm ci` should a lock file name more than npm installs. */
function markInstalled(root) {
  writeFileSync(join(root, MARKER), hashOfLock(root))
}

function hashOfLock(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages || {}
}

function install(root) {
  const windows = process.platform === 'win32'
  // Without its warnings: libraries want the Node that is about to be installed.
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
  })
  if (status !== 0) return 'npm ci failed'
  markInstalled(root)
  return undefined
}

/** The Node of node_modules/.bin comes with a package whose install script fetches nothing but may be switched off. */
function findNodeProblem(node) {
  const { stdout } = spawnSync(node, ['-v'], { encoding: 'utf8' })
  if (stdout && stdout.startsWith(WANTED_NODE)) return undefined
  const found = stdout ? `is ${stdout.trim()}` : 'is missing'
  return (
    `node_modules/.bin/node ${found}; Runnel runs on Node 24, which the npm package "node" brings. Its install ` +
    'script has to run: delete node_modules and run "npm ci" without --ignore-scripts, or run ' +
    '"npm rebuild node --ignore-scripts=false".'
  )
}

/** A console that cannot be built keeps nothing else from running: query-api says that it is missing. */
function prepareConsole(root, node) {
  const { status } = spawnSync(node, [join(root, CONSOLE_BUILD)], { cwd: root, stdio: 'inherit' })
  if (status !== 0) console.error('The console could not be built; all else goes on without it.')
}

/** Runs one of the programs and ends as it ends. It alone handles the signals; a terminal sends them to both. */
function run(root, node, command, args) {
  const bin = join(root, 'node_modules/.bin')
  const child = spawn(node, [join(root, PROGRAMS[command]), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: bin + delimiter + (process.env.PATH || '') },
  })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => {
    process.exitCode = code === null ? 1 : code
  })
}

function main() {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const [command, ...args] = process.argv.slice(2)
  const node = join(root, 'node_modules/.bin/node')
  let problem
  if (Number(process.versions.node.split('.')[0]) < LEAST_NODE)
    problem = `Node ${LEAST_NODE} or later is needed to start; this is ${process.version}`
  const staleness = problem ? undefined : findStaleness(root)
  if (staleness) {
    console.log(`Installing packages: ${staleness}.`)
    problem = install(root)
  }
  problem = problem || findNodeProblem(node)
  if (!problem) {
    prepareConsole(root, node)
    return run(root, node, command, args)
  }
  console.error(problem)
  process.exitCode = 1
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main()
