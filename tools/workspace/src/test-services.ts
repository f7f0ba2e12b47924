import type { FindOptions } from './find-services.ts'
import { noLocalPorts } from './no-local-ports.ts'
import { SERVICE_KINDS } from './service-kinds.ts'

/**
 * Where tests look for services: PostgreSQL is a server of the run's own where it is installed, for that one syncs
 * nothing to the disk. Tests make and drop a thousand databases: on a server that syncs, the tests of
 * repositories/mailings take 1.3 times as long. Without an installed one it is what answers on the standard port.
 */
export function testServices(env: FindOptions['env']): Pick<FindOptions, 'localPorts'> {
  const { localPorts } = noLocalPorts(env)
  const own = SERVICE_KINDS.filter(
    ({ variable, isInstalled }) => variable === 'DATABASE_URL' && isInstalled(),
  )
  return { localPorts: { ...localPorts, ...Object.fromEntries(own.map(({ variable }) => [variable, []])) } }
}
