import { execFileSync } from 'node:child_process'
import { findBinary } from './servers/binaries.ts'

/**
 * What sets the wall clock of a child process wrong, as libfaketime reads it.
 *
 * @param by e.g. `+40d`
 * @returns variables for its environment; undefined where faketime is not installed
 */
export function fakeTime(by: string): Record<string, string> | undefined {
  const program = findBinary('faketime')
  if (program === undefined) return undefined
  const printed = execFileSync(program, ['-f', '+0d', 'env'], { encoding: 'utf8' })
  const library = /^LD_PRELOAD=(.*)$/m.exec(printed)?.[1]
  return library === undefined ? undefined : { LD_PRELOAD: library, FAKETIME: by }
}
