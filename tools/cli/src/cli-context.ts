import type { ExitCode } from './exit-codes.ts'

/** What a command has of the outside world. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly input: NodeJS.ReadStream
  /** Results, and nothing else, so that they can be piped. */
  readonly out: NodeJS.WriteStream
  /** Progress, notes and complaints. */
  readonly err: NodeJS.WriteStream
  /** Aborted by Ctrl-C and SIGTERM, and once nobody reads the results. */
  readonly signal: AbortSignal
  readonly nowMs: () => number
  /** From here on the command handles signals itself. */
  releaseSignals(): void
  /** What the process shall end with though nothing is thrown; the last call counts. */
  exitWith(code: ExitCode): void
}
