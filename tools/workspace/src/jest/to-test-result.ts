import { createEmptyTestResult, type AssertionResult, type Status, type TestResult } from '@jest/test-result'
import type { Circus, Config } from '@jest/types'
import { formatExecError, formatResultsErrors } from 'jest-message-util'

export interface TestFileRun {
  readonly globalConfig: Config.GlobalConfig
  readonly config: Config.ProjectConfig
  readonly testFilePath: string
  /** Milliseconds of the epoch. */
  readonly startMs: number
}

/** @returns Jest's result of a file that has just run */
export function toTestResult(
  { testResults, unhandledErrors }: Circus.RunResult,
  { globalConfig, config, testFilePath, startMs }: TestFileRun,
): TestResult {
  const assertions = testResults.map(toAssertion)
  const count = (status: Status) => assertions.filter((assertion) => assertion.status === status).length
  const endMs = Date.now()
  const runtime = endMs - startMs
  const failures = [
    formatResultsErrors(assertions, config, globalConfig, testFilePath),
    ...unhandledErrors.map((error) => formatExecError(withPaths(error), config, globalConfig, testFilePath)),
  ].filter((text) => text)
  return {
    ...createEmptyTestResult(),
    failureMessage: failures.length > 0 ? failures.join('\n\n') : null,
    ...(unhandledErrors.length > 0 && { testExecError: { message: '', stack: unhandledErrors.join('\n') } }),
    numFailingTests: count('failed'),
    numPassingTests: count('passed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    perfStats: {
      start: startMs,
      end: endMs,
      runtime,
      slow: runtime / 1000 > config.slowTestThreshold,
      loadTestEnvironmentStart: startMs,
      loadTestEnvironmentEnd: startMs,
      setupAfterEnvStart: startMs,
      setupAfterEnvEnd: startMs,
      setupFilesStart: startMs,
      setupFilesEnd: startMs,
    },
    testFilePath,
    testResults: assertions,
  }
}

function toAssertion(test: Circus.TestResult): AssertionResult {
  // The first group is the file.
  const titles = test.testPath.slice(1)
  return {
    ancestorTitles: titles.slice(0, -1),
    title: titles.at(-1) ?? '',
    fullName: titles.join(' '),
    status: toStatus(test),
    failureMessages: test.errors.map(withPaths),
    failureDetails: test.errorsDetailed.map(withPlainStack),
    duration: test.duration ?? null,
    invocations: test.invocations,
    numPassingAsserts: test.numPassingAsserts,
    location: test.location ?? null,
  }
}

function toStatus({ status, errors }: Circus.TestResult): Status {
  if (status === 'skip') return 'pending'
  if (status === 'todo') return 'todo'
  return errors.length > 0 ? 'failed' : 'passed'
}

/** Jest knows frames of stacks by their paths, and shows the code of the first one: never that of this runner. */
function withPaths(stack: string): string {
  return stack.replace(/file:(?:\/\/)?(?=\/)/g, '').replace(/\n +at (?:async )?runTestFile .*/g, '')
}

function withPlainStack(error: unknown): unknown {
  for (let each = error; each instanceof Error; each = each.cause)
    if (each.stack !== undefined) each.stack = withPaths(each.stack)
  return error
}
