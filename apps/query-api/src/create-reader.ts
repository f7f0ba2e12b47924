import { AppError } from '@runnel/contracts'
import type { Caller, FairShare } from '@runnel/http'
import { toDatabaseError, type Database } from '@runnel/repositories-database'

type Arguments<F> = F extends (database: Database, ...rest: infer Rest) => unknown ? Rest : never

type Read = (database: Database, ...rest: never[]) => Promise<unknown>

/** Makes a function that runs a read of one pool, on behalf of the peer that calls at that time. */
export type Reader = <F extends Read>(
  read: F,
  caller?: () => Caller,
) => (...rest: Arguments<F>) => Promise<Awaited<ReturnType<F>>>

/** Runs a read at the server that is to answer it. Default: the pool's own. */
type Route = <T>(read: (database: Database) => Promise<T>) => Promise<T>

/**
 * Reads of one pool. They wait for their turn here, by peers, and not in the pool, which gives up after two seconds and
 * does not know why: a connection is free for each that runs.
 *
 * @param share of as many permits as the pool has connections
 * @param current who is the caller at the moment
 * @param route of reads that may be answered elsewhere, at as many connections
 * @throws AppError database_unavailable | query_too_slow | bad_request | too_busy | too_many_requests_of_peer, from the reads
 */
export function createReader(
  database: Database,
  share: FairShare,
  current: () => Caller,
  route: Route = (read) => read(database),
): Reader {
  /** What the last read failed with, while the database does not answer: then that is why others wait in vain. */
  let outage: AppError | undefined
  const runQuery = async <T>(query: () => Promise<T>): Promise<T> => {
    try {
      const value = await query()
      outage = undefined
      return value
    } catch (error) {
      const problem = toDatabaseError(error)
      outage = problem.code === 'database_unavailable' ? problem : undefined
      throw problem
    }
  }
  const runInTurn = async <T>(caller: Caller, query: () => Promise<T>): Promise<T> => {
    let hasBegun = false
    try {
      return await share.run(caller, () => {
        hasBegun = true
        return runQuery(query)
      })
    } catch (error) {
      throw hasBegun || !outage ? error : outage
    }
  }
  return <F extends Read>(read: F, caller = current) =>
    (...rest: Arguments<F>) =>
      runInTurn(caller(), () =>
        route((one) => read(one, ...(rest as never[])) as Promise<Awaited<ReturnType<F>>>),
      )
}
