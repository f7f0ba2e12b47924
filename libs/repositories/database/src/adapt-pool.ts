import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { copyFromStdin, isCopyFromStdin } from './copy-from-stdin.ts'
import { connectUntil } from './cut-connections.ts'
import { isReadTimeout, READ_TIMEOUT_MESSAGE } from './database-errors.ts'
import { preparedName } from './prepared.ts'

type Run = (text: string, parameters: unknown[]) => Promise<PostgresQueryResult<unknown>>

/**
 * A pg pool as Kysely wants it, with four things more.
 *
 * A connection whose answer never came is destroyed. pg gives such a client back as if nothing were: the next query would
 * wait behind the lost answer, on a connection that may have been dead for a quarter of an hour before the system notices.
 * Further statements of its transaction, a rollback above all, fail at once for the same reason.
 *
 * `copy .. from stdin` works like any statement, with the pieces of its data as the one parameter, so that it may stand
 * inside of a transaction.
 *
 * Statements that are to be prepared get their names; see prepared.ts.
 *
 * @param copyTimeoutMs for one COPY
 * @param cutOff once aborted, nothing is connected any more
 */
export function adaptPool(pool: Pool, copyTimeoutMs: number, cutOff?: AbortSignal): PostgresPool {
  return {
    options: pool.options,
    connect: async () => adaptClient(await connectUntil(pool, cutOff), copyTimeoutMs),
    end: () => pool.end(),
  }
}

function adaptClient(client: PoolClient, copyTimeoutMs: number): PostgresPoolClient {
  let unanswered = false
  const run: Run = async (text, parameters) => {
    if (unanswered) throw new Error(READ_TIMEOUT_MESSAGE)
    try {
      if (!isCopyFromStdin(text)) {
        const name = preparedName(text)
        return (await client.query({
          text,
          values: parameters,
          ...(name !== undefined && { name }),
        })) as never
      }
      const rowCount = await copyFromStdin(client, text, parameters[0] as Uint8Array[], copyTimeoutMs)
      return { command: 'COPY' as never, rowCount, rows: [] }
    } catch (error) {
      unanswered ||= isReadTimeout(error)
      throw error
    }
  }
  return {
    // A cursor is no promise and keeps its own errors.
    query: ((first: unknown, parameters: unknown[]) =>
      typeof first === 'string' ? run(first, parameters) : client.query(first as never)) as never,
    release: (destroy) => client.release(unanswered || destroy === true),
  }
}
