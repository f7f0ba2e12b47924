import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { copyFromStdin, isCopyFromStdin } from './copy-from-stdin.ts'
import { connectUntil } from './cut-connections.ts'
import { isReadOnly, isReadTimeout, READ_TIMEOUT_MESSAGE } from './database-errors.ts'
import { preparedName } from './prepared.ts'
import { connectSeated } from './servers/connect-seated.ts'
import type { SeatedClient } from './servers/seated-client.ts'
import type { ServerChoice } from './servers/server-choice.ts'

type Run = (text: string, parameters: unknown[]) => Promise<PostgresQueryResult<unknown>>

/**
 * A pg pool as Kysely wants it, with five things more.
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
 * A server that refuses to write, or does not answer where there are others, is given up: behind its address may be a standby since a failover.
 *
 * @param pool of the clients of `choice`
 * @param copyTimeoutMs for one COPY
 * @param cutOff once aborted, nothing is connected any more
 */
export function adaptPool(
  pool: Pool,
  choice: ServerChoice,
  copyTimeoutMs: number,
  cutOff?: AbortSignal,
): PostgresPool {
  const connect = () => connectSeated(pool, choice)
  return {
    options: pool.options,
    connect: async () => adaptClient(await connectUntil(connect, cutOff), choice, copyTimeoutMs),
    end: () => pool.end(),
  }
}

function adaptClient(client: PoolClient, choice: ServerChoice, copyTimeoutMs: number): PostgresPoolClient {
  let unanswered = false
  let refuses = false
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
      refuses ||= isReadOnly(error)
      if (refuses || (unanswered && choice.size > 1)) choice.giveUp((client as unknown as SeatedClient).seat)
      throw error
    }
  }
  return {
    // A cursor is no promise and keeps its own errors.
    query: ((first: unknown, parameters: unknown[]) =>
      typeof first === 'string' ? run(first, parameters) : client.query(first as never)) as never,
    release: (destroy) => client.release(unanswered || refuses || destroy === true),
  }
}
