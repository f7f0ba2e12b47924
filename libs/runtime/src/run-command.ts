import { AppError } from '@runnel/contracts'
import { userInfo } from 'node:os'

/** A command that cannot be carried out as it was written. */
export class UsageError extends Error {}

/**
 * Runs what a person called from a shell. What goes wrong is printed to standard error, as one line, or with its stack where it is a
 * defect of the program, and the process ends with 1 once nothing is left to do.
 */
export async function runCommand(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    process.stderr.write(`${describeProblem(error)}\n`)
    process.exitCode = 1
  }
}

function describeProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (isDefect(error)) return error.stack ?? error.message
  const expected = error instanceof AppError ? error.details.expected : undefined
  return expected === undefined ? error.message : `${error.message}: expected ${expected}`
}

/**
 * What the language itself throws, which has neither. With a `code` Node.js speaks of an input, such as a bad URL; with a `cause`
 * fetch speaks of a server.
 */
function isDefect(error: Error): boolean {
  if ('code' in error || error.cause !== undefined) return false
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((type) => error instanceof type)
}

/** @returns the person at the shell, for the audit log; a container may run under a number that has no name */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
