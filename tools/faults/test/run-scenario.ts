import { OWN_SCENARIOS, type MailingsOptions, type OwnScenarioName } from '../src/index.ts'

const SEED = 7

/** Runs a scenario; what it said comes with the error. @throws Error where a promise is broken */
export async function withLog(run: (log: (line: string) => void) => Promise<void>): Promise<void> {
  const lines: string[] = []
  try {
    await run((line) => lines.push(line))
  } catch (error) {
    throw new Error(`${String(error)}\n${lines.join('\n')}`, { cause: error })
  }
}

/** A scenario that brings along what it needs. @throws Error where a promise is broken */
export function runOwn(
  name: OwnScenarioName,
  options: Omit<MailingsOptions, 'log' | 'seed'> & { readonly seed?: number },
): Promise<void> {
  return withLog((log) => OWN_SCENARIOS[name]({ seed: SEED, ...options, log }))
}
