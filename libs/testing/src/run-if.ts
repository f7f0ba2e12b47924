type Declare = (title: string, body: () => void | Promise<void>, timeoutMs?: number) => void

/** `it`, `test` or `describe` of Jest. */
export interface Runner {
  readonly skip: unknown
}

/**
 * A test, or a group of them, that needs something which is not there everywhere. Where it is missing the test is skipped, and says
 * why: `npm test` lists it with the reason, and fails for a test that is skipped without one.
 *
 * @param runner `it`, `test` or `describe`
 * @param reason why it cannot run without, e.g. `promtool is not installed`
 */
export function runIf(isPossible: boolean, runner: Runner, reason: string): Declare {
  if (isPossible) return runner as unknown as Declare
  const skip = runner.skip as Declare
  return (title, body, timeoutMs) => skip(`${title} (skipped: ${reason})`, body, timeoutMs)
}
