import { aptInstall } from './apt-install.ts'
import type { ServiceKind } from './service-kinds.ts'

/**
 * Installs the Debian packages of the given services, without starting them.
 *
 * @throws Error unless this is root on a Debian-like system and all packages could be installed
 */
export async function installPackages(
  kinds: readonly ServiceKind[],
  report: (line: string) => void,
): Promise<void> {
  const packages = kinds.map((kind) => kind.debianPackage)
  const how = `install ${packages.join(', ')}, or set ${kinds.map((kind) => kind.variable).join(', ')}`
  await aptInstall(packages, how, report)
}
