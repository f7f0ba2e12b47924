import type { Database } from '@runnel/repositories-database'
import { requireMigrated } from '@runnel/repositories-database'

export interface Reachable {
  connected(): boolean
}

export interface Servers {
  readonly database: Database
  readonly broker: Reachable
  /** Undefined without Redis, as in the standalone mode. */
  readonly redis: Reachable | undefined
}

export type CheckServers = () => Promise<{ name: string; status: 'ready' | 'away' | 'unused' }[]>

/** PostgreSQL counts as unreachable when it is silent for so long. */
const TIMEOUT_MS = 2000

/** @returns a function that reports which servers this process reaches at the moment; it never throws */
export function createCheckServers({ database, broker, redis }: Servers): CheckServers {
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
  const checked = requireMigrated(database).then(
    () => true,
    () => false,
  )
  return Promise.race([checked, late]).finally(() => clearTimeout(timer))
}
