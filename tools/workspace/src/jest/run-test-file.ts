import { enableCompileCache, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { jestExpect } from '@jest/expect'
import type { TestResult } from '@jest/test-result'
import type { Config } from '@jest/types'
import { getState, resetState, run } from 'jest-circus'
import { catchStrayErrors } from './catch-stray-errors.ts'
import { restoreGlobals } from './globals.ts'
import { toTestResult } from './to-test-result.ts'

const GLOBALS_URL = new URL('./globals.ts', import.meta.url).href

enableCompileCache()
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals'
      ? { url: GLOBALS_URL, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})

/**
 * Jest's `testRunner`: runs the tests of one file by the Node that runs Runnel, without a sandbox and without a transform. The files of
 * a project share their modules, which are loaded once instead of once a file; clocks and spies are put back between them.
 */
export default async function runTestFile(
  globalConfig: Config.GlobalConfig,
  config: Config.ProjectConfig,
  _environment: unknown,
  _runtime: unknown,
  testFilePath: string,
): Promise<TestResult> {
  resetState()
  const state = getState()
  if (globalConfig.testTimeout !== undefined) state.testTimeout = globalConfig.testTimeout
  if (globalConfig.testNamePattern) state.testNamePattern = new RegExp(globalConfig.testNamePattern, 'i')
  state.maxConcurrency = globalConfig.maxConcurrency
  jestExpect.setState({ expand: globalConfig.expand, testPath: testFilePath })
  const startMs = Date.now()
  const release = catchStrayErrors()
  try {
    await import(pathToFileURL(testFilePath).href)
    return toTestResult(await run(), { globalConfig, config, testFilePath, startMs })
  } finally {
    release()
    restoreGlobals()
  }
}
