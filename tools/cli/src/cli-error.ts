import { EXIT, type ExitCode } from './exit-codes.ts'

/** What a person or a program is told besides the sentence. */
export interface ErrorDetails {
  /** Stable: of Runnel's own codes, or of this program. */
  readonly code?: string | undefined
  /** Parameter, header or JSON pointer that it is about. */
  readonly field?: string | undefined
  readonly expected?: string | undefined
  /** What to do. */
  readonly hint?: string | undefined
}

/** Why a command ends: shown as a sentence, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode
  readonly details: ErrorDetails

  constructor(exitCode: ExitCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.exitCode = exitCode
    this.details = details
  }
}

/** What was given to a command is wrong. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(EXIT.usage, message, { code: 'usage', hint })
}
