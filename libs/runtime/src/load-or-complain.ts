import { ConfigError } from './settings.ts'

/**
 * Loads a configuration for a process that is about to start. A wrong one is printed to standard error, all
 * problems at once and without a stack trace.
 *
 * @returns undefined when the process should not start; its exit code is then set to 1
 */
export function loadOrComplain<C>(load: () => C): C | undefined {
  try {
    return load()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
    return undefined
  }
}
