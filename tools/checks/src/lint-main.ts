import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { findBoundaryViolations } from './find-boundary-violations.ts'

/**
 * `npm run lint`: ESLint over the whole workspace in one process (each project by itself would load the types of all
 * others anew), import cycles by oxlint, and what nothing uses by knip. Every check runs, whatever the others find.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** @returns whether the program ended with 0 */
async function runProgram(
  program: string,
  args: readonly string[],
  stdout: 'inherit' | 'ignore' = 'inherit',
) {
  const file = join(root, 'node_modules/.bin', program)
  const env = { ...process.env, NX_DAEMON: 'false' }
  const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', stdout, 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code === 0
}

/**
 * Without the graph of the projects, which Nx keeps in a file, the boundary rule is skipped and only a line on stdout
 * says so. So the graph is made first, and an import that breaks the rule has to be found.
 */
async function isBoundaryRuleActive(): Promise<boolean> {
  if (!(await runProgram('nx', ['show', 'projects'], 'ignore'))) return false
  const found = await findBoundaryViolations('libs/contracts/src/violation.ts', `import '@runnel/cache'`)
  if (found.length === 0) console.error('eslint: the boundary rule found nothing in an import that breaks it')
  return found.length > 0
}

async function lintCode(): Promise<boolean> {
  if (!(await isBoundaryRuleActive())) return false
  const eslint = new ESLint({ cwd: root })
  const results = await eslint.lintFiles('.')
  const formatter = await eslint.loadFormatter('stylish')
  const report = await formatter.format(results)
  if (report !== '') console.log(report)
  return results.every(({ errorCount, warningCount }) => errorCount + warningCount === 0)
}

const checks: Readonly<Record<string, () => Promise<boolean>>> = {
  'import cycles (oxlint)': () => runProgram('oxlint', []),
  'unused files, exports and packages (knip)': () => runProgram('knip', ['--no-config-hints']),
  'code and dependencies (eslint)': lintCode,
}

for (const [name, isFine] of Object.entries(checks)) {
  const ok = await isFine()
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`)
  if (!ok) process.exitCode = 1
}
