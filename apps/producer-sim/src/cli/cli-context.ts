import type { WriteStream } from 'node:tty'

/** What a command has of the outside world. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Results. */
  readonly out: Pick<WriteStream, 'write' | 'isTTY'>
  /** Progress and complaints, so that results can be piped. */
  readonly err: NodeJS.WriteStream
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** What the process shall end with; the last call counts. */
  exitWith(code: number): void
}

/** The exit code that shells give to what Ctrl-C ended. */
export const INTERRUPTED = 130
