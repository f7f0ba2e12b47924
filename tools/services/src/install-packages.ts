import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findBinary } from './binaries.ts'
import type { ServiceKind } from './service-kinds.ts'

const LIMIT_MS = 600_000

/**
 * Installs the Debian packages of the given services, without starting them.
 *
 * @throws Error unless this is root on a Debian-like system and all packages could be installed
 */
export async function installPackages(
  kinds: readonly ServiceKind[],
  tell: (line: string) => void,
): Promise<void> {
  const packages = kinds.map((kind) => kind.debianPackage)
  const command = findBinary('apt-get')
  const how = `install ${packages.join(', ')}, or set ${kinds.map((kind) => kind.variable).join(', ')}`
  if (command === undefined || process.getuid?.() !== 0) throw new Error(how)
  tell(`Installing ${packages.join(', ')} ...`)
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
