import { aptInstall } from './apt-install.ts'
import { findBinary } from '@runnel/testing'

/** Without the windows and menus of a person's browser, which take half of its processor time: tests use it where it is. */
const HEADLESS = 'chromium-headless-shell'
const FULL = 'chromium'
const NAMES = [HEADLESS, FULL, 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const HOW =
  'install Debian’s package chromium-headless-shell or chromium, or name the program in CHROMIUM_PATH'

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

/**
 * Installs the browser where it is missing; systems other than Debian have only the full one.
 *
 * @throws Error that says what to do when that is not possible
 */
export async function ensureChromium(env: Environment, report: (line: string) => void): Promise<void> {
  try {
    findChromium(env)
  } catch (error) {
    if (env['CHROMIUM_PATH']) throw error
    await aptInstall([HEADLESS], HOW, report).catch(() => aptInstall([FULL], HOW, report))
  }
}
