import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/**
 * Jest reporter for `npm test`: writes what became of a project's tests to a file in RUNNEL_TEST_RESULTS, for the
 * summary over all projects. Without that variable it does nothing.
 */
export default class JestResults {
  #project
  #folder = process.env.RUNNEL_TEST_RESULTS

  constructor(config) {
    this.#project = config.rootDir
  }

  onRunComplete(_contexts, results) {
    if (!this.#folder) return
    const failures = results.testResults.flatMap(describeFailures)
    const summary = {
      project: this.#project,
      passed: results.numPassedTests,
      failed: failures.length,
      skipped: results.numPendingTests + results.numTodoTests,
      failures,
      skips: results.testResults.flatMap(describeSkips),
    }
    mkdirSync(this.#folder, { recursive: true })
    writeFileSync(join(this.#folder, `${process.pid}.json`), JSON.stringify(summary))
  }
}

/** What did not run, with the reason that stands in its title or in that of its group (runIf of libs/testing). */
function describeSkips(file) {
  return file.testResults
    .filter((test) => test.status === 'pending' || test.status === 'todo')
    .map(({ fullName }) => ({
      file: file.testFilePath,
      title: fullName.replace(REASON, ''),
      reason: REASON.exec(fullName)?.[1],
    }))
}

const REASON = / \(skipped: ([^)]*)\)/

/** Of a failure's text: enough to know what it is without the log of the whole run. */
const MAX_LINES = 24

/** A file that could not run at all has no failed test, but is a failure. */
function describeFailures(file) {
  const failed = file.testResults.filter((test) => test.status === 'failed')
  if (failed.length > 0)
    return failed.map(({ fullName, failureMessages }) => ({
      file: file.testFilePath,
      title: fullName,
      why: firstLines(failureMessages.join('\n')),
    }))
  if (!file.failureMessage) return []
  return [{ file: file.testFilePath, title: 'the file could not run', why: firstLines(file.failureMessage) }]
}

/** Without colours, and without the frames of packages. */
function firstLines(text) {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('node_modules'))
  return lines.slice(0, MAX_LINES)
}
