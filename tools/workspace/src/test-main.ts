import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './find-chromium.ts'
import { findServices } from './find-services.ts'
import { readServiceFiles } from './read-service-files.ts'
import { runCommand } from './run-command.ts'
import { APP_NAMES } from '@runnel/contracts/apps'
import { BUNDLES_VARIABLE, sweepTests, TEST_RUN_VARIABLE } from '@runnel/testing'
import { testServices } from './test-services.ts'
import { readResults, summarize, type ProjectResult } from './test-results.ts'

/**
 * `npm test`: formatting, lint, types, then all tests on real services. `npm test -- consumer` runs only the tests of
 * that project. PostgreSQL is a server of the run's own where it is installed; RUNNEL_PRIVATE_SERVICES=1 ignores all that
 * answers on the standard local ports.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Two processors for which thirty processes wait take more than forty. A run that hangs is ended then, and says what did not run to its end. */
const RUN_LIMIT_MINUTES = 60
/**
 * Projects whose tests run side by side: tests wait a lot, for processes, outages and leases, but more than three keep two
 * processors busy, and what they wait for comes late.
 */
const PARALLEL = 3
/** Take a third of the time: they begin at once, one after the other, for Nx would leave them to the end, with nothing beside the last. */
const LONGEST = 'browser,standalone'

const COMPILE_CACHE = 'node_modules/.cache/compiled'
const BUNDLES = 'node_modules/.cache/bundles'

async function main(projects: readonly string[], signal: AbortSignal): Promise<boolean> {
  readServiceFiles(process.env)
  const services = await findServices({
    env: process.env,
    report: (line) => console.log(line),
    ...testServices(process.env),
  })
  if (projects.length === 0 || projects.includes('browser')) await prepareBrowser()
  const run = Date.now().toString(36)
  // Of this run alone: two may go on at once in one checkout.
  const resultsFolder = mkdtempSync(join(tmpdir(), 'runnel-results-'))
  try {
    const env = {
      ...process.env,
      ...services.urls,
      [TEST_RUN_VARIABLE]: run,
      RUNNEL_TEST_RESULTS: resultsFolder,
      // Tests start hundreds of processes: without it each spends 0.7 s of 1.9 on compiling what the one before has compiled.
      NODE_COMPILE_CACHE: join(root, COMPILE_CACHE),
      NX_DAEMON: 'false',
      NX_TUI: 'false',
    }
    const where = { cwd: root, env, signal }
    const bundled = { ...where, env: { ...env, [BUNDLES_VARIABLE]: BUNDLES } }
    // Beside each other: what is checked keeps the processors busy while tests wait.
    const found = await Promise.all(
      projects.length > 0
        ? [test(projects, resultsFolder, where)]
        : [check(where), bundleApps(where).then((made) => made ?? test([], resultsFolder, bundled))],
    )
    const problems = found.flat()
    if (signal.aborted) problems.push(`the run was interrupted: ${(signal.reason as Error).message}`)
    const { lines, ok } = summarize(readResults(resultsFolder), problems, root)
    await sweepTests(services.urls, run).catch((error: unknown) => console.error('could not clean up', error))
    console.log(lines.join('\n'))
    return ok
  } finally {
    rmSync(resultsFolder, { recursive: true, force: true })
    await services.close()
  }
}

/** Without a browser the tests in one fail, and say what to do; all others go on. */
async function prepareBrowser(): Promise<void> {
  const report = (line: string) => console.log(line)
  await ensureChromium(process.env, report).catch((error: Error) => report(`Chromium: ${error.message}`))
}

type Where = Parameters<typeof runCommand>[2]

/** What is wrong apart from tests. */
async function check(where: Where): Promise<string[]> {
  const problems: string[] = []
  if (!(await runCommand('prettier', ['--check', '.'], where)))
    problems.push('formatting: npm run format repairs it')
  // Both at once: each is one process, and keeps one processor busy.
  const [isLinted, isTyped] = await Promise.all([
    runCommand('npm', ['run', '--silent', 'lint'], where),
    runCommand('npm', ['run', '--silent', 'typecheck'], where),
  ])
  if (!isLinted) problems.push('lint: see above, or npm run lint')
  if (!isTyped) problems.push('types: see above, or npm run typecheck')
  return problems
}

/** Tests start apps some hundred times: in half the processor time from bundles. @returns a problem, or undefined */
async function bundleApps(where: Where): Promise<string[] | undefined> {
  for (const app of APP_NAMES) {
    const args = ['tools/images/src/bundle/bundle-main.ts', app, join(BUNDLES, app)]
    if (!(await runCommand(process.execPath, args, where))) return [`${app} cannot be bundled: see above`]
  }
  return undefined
}

/** Runs the tests, which write their results. What it returns is wrong beyond failed tests. */
async function test(projects: readonly string[], resultsFolder: string, where: Where): Promise<string[]> {
  const run = (parallel: number, which: string) =>
    runCommand(
      'nx',
      ['run-many', '-t', 'test', `--parallel=${parallel}`, '--outputStyle=static', which],
      where,
    )
  const runs =
    projects.length > 0
      ? [run(PARALLEL, `--projects=${projects.join(',')}`)]
      : [run(1, `--projects=${LONGEST}`), run(PARALLEL - 1, `--exclude=${LONGEST}`)]
  const ok = (await Promise.all(runs)).every(Boolean)
  const results = readResults(resultsFolder)
  const silent = projects.length > 0 ? [] : listProjects().filter((folder) => !results.some(isOf(folder)))
  if (silent.length > 0)
    return silent.map((folder) => `${folder}: no tests, or they did not run to their end`)
  if (results.every(({ passed, failed }) => passed + failed === 0)) return ['no test ran']
  const isCounted = ok || results.some(({ failed }) => failed > 0)
  return isCounted ? [] : ['a project failed without a failed test: see above']
}

/** Folders of all projects with tests, relative to the root. */
function listProjects(): string[] {
  return globSync('{apps,libs,libs/repositories,tools}/*/jest.config.js', { cwd: root }).map(dirname).sort()
}

function isOf(folder: string): (result: ProjectResult) => boolean {
  return ({ project }) => project === join(root, folder)
}

const abort = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => abort.abort(new Error(name)))
const limit = new Error(`not done within ${RUN_LIMIT_MINUTES} minutes`)
setTimeout(() => abort.abort(limit), RUN_LIMIT_MINUTES * 60_000).unref()
try {
  process.exitCode = (await main(process.argv.slice(2), abort.signal)) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('\n0 passed, 1 failed')
  process.exitCode = 1
}
