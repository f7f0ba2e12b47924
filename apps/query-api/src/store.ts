import { createRunQuery, type Database } from '@runnel/repositories-database'
import {
  countLogs,
  findLog,
  findMetric,
  findNewestLogBefore,
  findProducts,
  listLogs,
  listMetricNames,
  listMetrics,
  listProducts,
  listReceivedLogs,
  listRecentProducts,
  readMetricSeries,
} from '@runnel/repositories-events'
import {
  findMessage,
  listMailingOverview,
  listMessages,
  readMailingStatistics,
} from '@runnel/repositories-mailings'
import { batchLookups } from './batch-lookups.ts'

type Arguments<F> = F extends (database: Database, ...rest: infer Rest) => unknown ? Rest : never

type Read = (database: Database, ...rest: never[]) => Promise<unknown>

/**
 * Two connections look up products that no cache has: the others of the pool are left to other queries, and to further
 * look-ups while these two hang.
 */
const PRODUCT_BATCHES = { lanes: 2, maxKeys: 100, patienceMs: 500 }

/** Every query that this app sends to Postgres. */
export type Store = ReturnType<typeof createStore>

/**
 * @param lookups for products, one message, the statistics of one mailing
 * @param scans for logs and metrics, lists of messages and mailings, products that are searched for or sorted
 * @param maxQueries that may run or wait in each of the two; more are refused
 */
export function createStore(lookups: Database, scans: Database, maxQueries: number) {
  const look = createReader(lookups, maxQueries)
  const scan = createReader(scans, maxQueries)
  const findMany = look(findProducts)
  return {
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
    listMessages: scan(listMessages),
    listMailingOverview: scan(listMailingOverview),
    listLogs: scan(listLogs),
    listReceivedLogs: scan(listReceivedLogs),
    findLog: scan(findLog),
    findNewestLogBefore: scan(findNewestLogBefore),
    countLogs: scan(countLogs),
    listMetrics: scan(listMetrics),
    findMetric: scan(findMetric),
    listMetricNames: scan(listMetricNames),
    readMetricSeries: scan(readMetricSeries),
  }
}

/** Reads of one pool; they throw AppError database_unavailable, query_too_slow, bad_request or too_busy. */
function createReader(database: Database, maxQueries: number) {
  const runQuery = createRunQuery(maxQueries)
  return <F extends Read>(read: F) =>
    (...rest: Arguments<F>) =>
      runQuery(() => read(database, ...(rest as never[])) as Promise<Awaited<ReturnType<F>>>)
}
