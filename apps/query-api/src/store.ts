import {
  countLogs,
  databaseProblem,
  findLog,
  findMetric,
  findProduct,
  listLogs,
  listMetricNames,
  listMetrics,
  listProducts,
  listRecentProducts,
  readMetricSeries,
  type Database,
} from '@runnel/repositories'

type Arguments<F> = F extends (database: Database, ...rest: infer Rest) => unknown ? Rest : never

/** A read whose trouble is told as an AppError: database_unavailable, query_too_slow, bad_request. */
function told<F extends (database: Database, ...rest: never[]) => Promise<unknown>>(
  database: Database,
  read: F,
) {
  return async (...rest: Arguments<F>): Promise<Awaited<ReturnType<F>>> => {
    try {
      return (await read(database, ...(rest as never[]))) as Awaited<ReturnType<F>>
    } catch (error) {
      throw databaseProblem(error)
    }
  }
}

/** Everything that this app asks of Postgres. */
export type Store = ReturnType<typeof createStore>

/**
 * @param lookups for products
 * @param scans for logs and metrics
 */
export function createStore(lookups: Database, scans: Database) {
  return {
    findProduct: told(lookups, findProduct),
    listProducts: told(lookups, listProducts),
    listRecentProducts: told(lookups, listRecentProducts),
    listLogs: told(scans, listLogs),
    findLog: told(scans, findLog),
    countLogs: told(scans, countLogs),
    listMetrics: told(scans, listMetrics),
    findMetric: told(scans, findMetric),
    listMetricNames: told(scans, listMetricNames),
    readMetricSeries: told(scans, readMetricSeries),
  }
}
