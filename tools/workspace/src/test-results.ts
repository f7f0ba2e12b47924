import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** What bin/jest-results.js writes: one file for each run of Jest. */
export interface ProjectResult {
  /** Folder of the project. */
  readonly project: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly failures: readonly Failure[]
  readonly skips: readonly Skip[]
}

interface Failure {
  readonly file: string
  readonly title: string
  /** The first lines of what the test said. */
  readonly why: readonly string[]
}

/** A test that did not run. */
interface Skip {
  readonly file: string
  readonly title: string
  /** Of runIf in libs/testing. */
  readonly reason?: string
}

export function readResults(folder: string): ProjectResult[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProjectResult)
    .sort((a, b) => a.project.localeCompare(b.project))
}

/**
 * The lines that end a run. The last one is `N passed, N failed`, with `, N skipped` where some were.
 *
 * Skipped tests are listed by their reason; one without a reason counts as a failure.
 *
 * @param problems what failed besides tests (formatting, lint, types); each counts as a failure, so that a red run
 * never ends on `0 failed`
 */
export function summarize(
  results: readonly ProjectResult[],
  problems: readonly string[],
  root: string,
): { lines: string[]; ok: boolean } {
  const lines = ['']
  for (const { project, passed, failed, skipped } of results)
    lines.push(`  ${relative(root, project).padEnd(28)} ${countsOf(passed, failed, skipped)}`)
  const skips = results.flatMap((result) => result.skips)
  lines.push(...listSkips(skips, root))
  const failures = results.flatMap((result) => result.failures)
  const silent = skips.filter(({ reason }) => reason === undefined)
  const wrong = [
    ...problems,
    ...silent.map(({ file, title }) => `${relative(root, file)}: ${title} is skipped without a reason`),
  ]
  if (failures.length + wrong.length > 0) lines.push('', 'Failed:')
  for (const { file, title, why } of failures)
    lines.push(`  ${relative(root, file)}: ${title}`, ...why.map((line) => `      ${line}`))
  for (const problem of wrong) lines.push(`  ${problem}`)
  const passed = total(results, 'passed')
  const failed = total(results, 'failed') + wrong.length
  lines.push('', countsOf(passed, failed, total(results, 'skipped')))
  return { lines, ok: failed === 0 }
}

function listSkips(skips: readonly Skip[], root: string): string[] {
  const byReason = Map.groupBy(
    skips.filter(({ reason }) => reason !== undefined),
    ({ reason }) => reason!,
  )
  return [...byReason].flatMap(([reason, tests]) => [
    '',
    `Skipped, because ${reason}:`,
    ...tests.map(({ file, title }) => `  ${relative(root, file)}: ${title}`),
  ])
}

function total(results: readonly ProjectResult[], what: 'passed' | 'failed' | 'skipped'): number {
  return results.reduce((sum, result) => sum + result[what], 0)
}

function countsOf(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
