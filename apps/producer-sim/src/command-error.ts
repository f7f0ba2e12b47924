/** Bad input of the person at the terminal: shown as one line, without a stack. */
export class CommandError extends Error {
  /** 2 for a command that cannot be right, 1 for one that did not succeed. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 2, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}
