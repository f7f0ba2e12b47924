import { counter, createRareWarning, gauge, type Logger, type Metrics } from '@runnel/observability'
import {
  connectReplicas,
  PROBE_POOL,
  ReplicaSet,
  type Database,
  type ReadPlace,
} from '@runnel/repositories-database'

interface PoolSettings {
  readonly poolSize: number
  readonly statementTimeoutMs: number
}

export interface ReplicaOptions {
  readonly log: Logger
  readonly metrics: Metrics
  /** URL of the standbys. */
  readonly url: string
  readonly maxLagMs: number
  /** The pool of the primary for the same reads. */
  readonly scans: Database
  /** Settings of that pool, which each standby gets one of. */
  readonly pool: PoolSettings
  /** Opens a pool; to the primary where there is no URL. */
  readonly connect: (options: PoolSettings & { readonly url?: string }) => Database
}

const PLACES: readonly ReadPlace[] = ['replica', 'lagging', 'position', 'failed']

/** The standbys of query-api, with what its metrics say of them. They are asked by `probe()` how far they are. */
export function openReplicas({
  log,
  metrics,
  url,
  maxLagMs,
  scans,
  pool,
  connect,
}: ReplicaOptions): ReplicaSet {
  const reads = counter(
    metrics,
    'runnel_query_reads_total',
    'Reads that may go to standbys, by where they went: replica, or the primary because of lagging, position or failed',
    ['place'],
  )
  for (const place of PLACES) reads.inc({ place }, 0)
  const warn = createRareWarning<{ replica: string; err: unknown }>((fields) =>
    log.warn(fields, 'a standby failed: the read goes to the primary'),
  )
  const replicas = new ReplicaSet({
    primary: { reads: scans, probe: connect(PROBE_POOL) },
    replicas: connectReplicas(url, pool, connect),
    maxLagMs,
    onRead: (place) => reads.inc({ place }),
    onFailure: (replica, err) => warn({ replica, err }),
  })
  gauge(
    metrics,
    'runnel_query_replica_lag_seconds',
    'Age of the data of a standby, from positions in the log and the clock of this process; +Inf where it is not known',
    ['replica'],
    (made) => {
      for (const [replica, lagMs] of replicas.lagsMs()) made.set({ replica }, lagMs / 1000)
    },
  )
  return replicas
}
