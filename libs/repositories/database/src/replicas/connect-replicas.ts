import { readDatabaseHosts } from '@runnel/runtime'
import type { Database, DatabaseOptions } from '../database.ts'
import type { ReplicaServer } from './replica-set.ts'

type Connect = (options: Pick<DatabaseOptions, 'url' | 'poolSize' | 'statementTimeoutMs'>) => Database

/** Settings of the connection by which a server is asked how far it is. */
export const PROBE_POOL = { poolSize: 1, statementTimeoutMs: 1000 }

/**
 * Opens a pool for reads and a connection for probes to each server that a URL names.
 *
 * @param reads of the pools for reads
 */
export function connectReplicas(
  url: string,
  reads: { readonly poolSize: number; readonly statementTimeoutMs: number },
  connect: Connect,
): ReplicaServer[] {
  return readDatabaseHosts(url).urls.map((one, index) => ({
    name: URL.canParse(one) && new URL(one).host !== '' ? new URL(one).host : `replica ${index + 1}`,
    reads: connect({ url: one, ...reads }),
    probe: connect({ url: one, ...PROBE_POOL }),
  }))
}
