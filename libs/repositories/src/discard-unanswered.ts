import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { isReadTimeout } from './database-errors.ts'

/**
 * A pool that throws away a connection whose answer never came. pg gives such a client back as if nothing were: the next
 * query would wait behind the lost answer, on a connection that may have been dead for a quarter of an hour before the
 * system notices.
 */
export function discardUnanswered(pool: Pool): PostgresPool {
  return {
    options: pool.options,
    connect: async () => watch(await pool.connect()),
    end: () => pool.end(),
  }
}

function watch(client: PoolClient): PostgresPoolClient {
  let unanswered = false
  const query = async <R>(text: string, parameters: unknown[]): Promise<PostgresQueryResult<R>> => {
    try {
      return (await client.query(text, parameters)) as unknown as PostgresQueryResult<R>
    } catch (error) {
      unanswered ||= isReadTimeout(error)
      throw error
    }
  }
  return {
    // A cursor is no promise and keeps its own errors.
    query: ((first: unknown, parameters: unknown[]) =>
      typeof first === 'string' ? query(first, parameters) : client.query(first as never)) as never,
    release: (destroy) => client.release(unanswered || destroy === true),
  }
}
