import { aptInstall } from './apt-install.ts'
import { findBinary } from '@runnel/testing'

/** Names of the program; Debian's first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const HOW = 'install Debian’s package chromium, or name the program in CHROMIUM_PATH'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The full path of the browser that tests use.
 *
 * @param env CHROMIUM_PATH names another program, and PATH the places to look at first
 * @throws Error that says what to do when no Chromium is found
 */
export function findChromium(env: Environment): string {
  const given = env['CHROMIUM_PATH']
  if (given) {
    const found = findBinary(given, '/')
    if (found === undefined)
      throw new Error(`CHROMIUM_PATH is set, but ${given} is not a program: expected the path of Chromium`)
    return found
  }
  for (const name of NAMES) {
    const found = findBinary(name, env['PATH'])
    if (found !== undefined) return found
  }
  throw new Error(
    `There is no Chromium for the tests in a browser: ${HOW}; npm test as root on Debian does it`,
  )
}

/** Installs the browser where it is missing. @throws Error that says what to do when that is not possible */
export async function ensureChromium(env: Environment, report: (line: string) => void): Promise<void> {
  try {
    findChromium(env)
  } catch (error) {
    if (env['CHROMIUM_PATH']) throw error
    await aptInstall(['chromium'], HOW, report)
  }
}
