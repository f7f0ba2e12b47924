import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findBinary } from '@runnel/testing'

const LIMIT_MS = 600_000

/**
 * Installs Debian packages, without starting the servers in them.
 *
 * @param how what a person can do instead, for the message
 * @throws Error unless this is root on a Debian-like system and all packages could be installed
 */
export async function aptInstall(
  packages: readonly string[],
  how: string,
  report: (line: string) => void,
): Promise<void> {
  const command = findBinary('apt-get')
  if (command === undefined || process.getuid?.() !== 0) throw new Error(how)
  report(`Installing ${packages.join(', ')} ...`)
  // Runlevel 1 keeps the packages from starting servers of their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const run = promisify(execFile)
  try {
    await run(command, ['update', '-qq'], { env, timeout: LIMIT_MS })
    await run(command, ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      env,
      timeout: LIMIT_MS,
    })
  } catch (cause) {
    throw new Error(`apt-get could not install it; ${how}`, { cause })
  }
}
