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
}

interface Failure {
  readonly file: string
  readonly title: string
  /** The first lines of what the test said. */
  readonly why: readonly string[]
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
  const failures = results.flatMap((result) => result.failures)
  if (failures.length + problems.length > 0) lines.push('', 'Failed:')
  for (const { file, title, why } of failures)
    lines.push(`  ${relative(root, file)}: ${title}`, ...why.map((line) => `      ${line}`))
  for (const problem of problems) lines.push(`  ${problem}`)
  const passed = total(results, 'passed')
  const failed = total(results, 'failed') + problems.length
  lines.push('', countsOf(passed, failed, total(results, 'skipped')))
  return { lines, ok: failed === 0 }
}

function total(results: readonly ProjectResult[], what: 'passed' | 'failed' | 'skipped'): number {
  return results.reduce((sum, result) => sum + result[what], 0)
}

function countsOf(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
