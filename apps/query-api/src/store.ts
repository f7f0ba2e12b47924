import { OWN_CALLER, type Caller, type CreateShare } from '@runnel/http'
import type { Database, ReplicaSet } from '@runnel/repositories-database'
import {
  countLogs,
  countLogValues,
  findLog,
  findMetric,
  findMetricNames,
  findNewestLogBefore,
  findProducts,
  findSliceEnd,
  listLogFields,
  listLogs,
  listMetricNames,
  listMetrics,
  listMetricSeries,
  listProducts,
  listReceivedLogs,
  listRecentProducts,
  findSpan,
  listTraces,
  readLogCounts,
  readLogLines,
  readLogValueCounts,
  readMetricInterval,
  readMetricSeries,
  readSeriesSamples,
  readOperations,
  readServiceMap,
  readTrace,
} from '@runnel/repositories-events'
import {
  findMessage,
  listMailingOverview,
  listMessages,
  readMailingStatistics,
} from '@runnel/repositories-mailings'
import { createReader } from './create-reader.ts'
import { batchLookups } from './batch-lookups.ts'

/**
 * Two connections look up products that no cache has: the others of the pool are left to other queries, and to further
 * look-ups while these two hang.
 */
const PRODUCT_BATCHES = { lanes: 2, maxKeys: 100, patienceMs: 500 }

/** Every query that this app sends to Postgres. */
export type Store = ReturnType<typeof createStore>

export interface StoreOptions {
  /** The database's. */
  readonly clock: { nowMs(): number }
  /** Queries that may run or wait in each of the two pools; more are refused. */
  readonly maxQueries: number
  /** Milliseconds that a query may wait for its turn. */
  readonly waitMs: number
  readonly createShare: CreateShare
  /** On whose behalf code runs at the moment. */
  readonly caller: () => Caller
  /** Standbys for reads that fill no cache. */
  readonly replicas?: Pick<ReplicaSet, 'run'> | undefined
  /** What the caller wrote is before this place in PostgreSQL's log. */
  readonly position?: (() => bigint | undefined) | undefined
}

/**
 * What fills the cache, finds one event by its id or follows new ones is never asked of a standby.
 *
 * @param lookups for products, one message, the statistics of one mailing
 * @param scans for logs and metrics, lists of messages and mailings, products that are searched for or sorted
 */
export function createStore(lookups: Database, scans: Database, options: StoreOptions) {
  const { clock, maxQueries, waitMs, createShare, caller, replicas, position } = options
  const share = (name: string, what: string, { connections }: Database) =>
    createShare({ name, what, permits: connections, waiting: Math.max(1, maxQueries - connections), waitMs })
  const look = createReader(lookups, share('lookups', 'queries', lookups), caller)
  const searches = share('searches', 'searches', scans)
  const scan = createReader(scans, searches, caller)
  // Of one pool with those above: where no standby answers, all of them are answered by the primary.
  const scanCopy = replicas
    ? createReader(scans, searches, caller, (read) => replicas.run(read, position?.()))
    : scan
  // One query for the clients of many peers.
  const findMany = look(findProducts, () => OWN_CALLER)
  return {
    /** The database's time, in milliseconds since 1970. */
    nowMs: () => clock.nowMs(),
    /** A product with this id, or undefined as value. */
    findProduct: batchLookups(
      async (ids: readonly number[]) => {
        const { value, asOfMs } = await findMany(ids)
        return (id) => ({ value: value.get(id), asOfMs })
      },
      { ...PRODUCT_BATCHES, maxWaiting: maxQueries },
    ),
    listProducts: look(listProducts),
    searchProducts: scan(listProducts),
    listRecentProducts: look(listRecentProducts),
    findMessage: look(findMessage),
    readMailingStatistics: look(readMailingStatistics),
    listMessages: scanCopy(listMessages),
    listMailingOverview: scan(listMailingOverview),
    listLogs: scanCopy(listLogs),
    readLogLines: scanCopy(readLogLines),
    listLogFields: scanCopy(listLogFields),
    listReceivedLogs: scan(listReceivedLogs),
    findLog: scan(findLog),
    findNewestLogBefore: scan(findNewestLogBefore),
    findLogSliceEnd: scanCopy(findSliceEnd),
    countLogs: scanCopy(countLogs),
    readLogCounts: scanCopy(readLogCounts),
    countLogValues: scanCopy(countLogValues),
    readLogValueCounts: scanCopy(readLogValueCounts),
    listMetrics: scanCopy(listMetrics),
    findMetric: scan(findMetric),
    listMetricNames: scanCopy(listMetricNames),
    readMetricInterval: scanCopy(readMetricInterval),
    readMetricSeries: scanCopy(readMetricSeries),
    findMetricNames: scanCopy(findMetricNames),
    listMetricSeries: scanCopy(listMetricSeries),
    readSeriesSamples: scanCopy(readSeriesSamples),
    listTraces: scanCopy(listTraces),
    readTrace: scanCopy(readTrace),
    findSpan: scan(findSpan),
    readOperations: scanCopy(readOperations),
    readServiceMap: scanCopy(readServiceMap),
  }
}
