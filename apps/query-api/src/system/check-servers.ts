import type { Database } from '@runnel/repositories-database'
import { requireMigrated } from '@runnel/repositories-database'

export interface Reachable {
  connected(): boolean
}

export interface Servers {
  readonly database: Database
  readonly broker: Reachable
  /** Undefined where there is none, as in the standalone mode. */
  readonly redis: Reachable | undefined
}

export type LookAtServers = () => Promise<{ name: string; status: 'ready' | 'away' | 'unused' }[]>

/** PostgreSQL counts as away when it is silent for so long. */
const TIMEOUT_MS = 2000

/** Which servers this process reaches at the moment. Never throws. */
export function createLookAtServers({ database, broker, redis }: Servers): LookAtServers {
  return async () => [
    { name: 'postgres', status: (await answers(database)) ? 'ready' : 'away' },
    { name: 'broker', status: broker.connected() ? 'ready' : 'away' },
    { name: 'redis', status: redis ? (redis.connected() ? 'ready' : 'away') : 'unused' },
  ]
}

async function answers(database: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), TIMEOUT_MS)
  })
  const asked = requireMigrated(database).then(
    () => true,
    () => false,
  )
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}
