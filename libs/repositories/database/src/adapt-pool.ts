import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { copyFromStdin, isCopyFromStdin } from './copy-from-stdin.ts'
import { connectUntil } from './cut-connections.ts'
import { isReadOnly, isReadTimeout, READ_TIMEOUT_MESSAGE } from './database-errors.ts'
import { preparedName } from './prepared.ts'
import { connectSeated } from './servers/connect-seated.ts'
import type { AnswerWatch } from './servers/answer-watch.ts'
import type { SeatedClient } from './servers/seated-client.ts'
import type { ServerChoice } from './servers/server-choice.ts'
import { UnconfirmedCommitError } from './servers/unconfirmed-commit-error.ts'

/** How {@link adaptPool} uses a pool. */
export interface PoolUse {
  readonly choice: ServerChoice
  /** Where there are several servers. */
  readonly watch: AnswerWatch | undefined
  /** Makes a connection ready, or destroys it and throws. It is called for each connection that is lent. */
  readonly prepare: (client: PoolClient) => Promise<PoolClient>
  /** Whether each transaction may be on another session. */
  readonly isPooled: boolean
  /** For one COPY. */
  readonly copyTimeoutMs: number
  /** Once aborted, nothing is connected any more. */
  readonly cutOff: AbortSignal | undefined
}

type Run = (text: string, parameters: unknown[]) => Promise<PostgresQueryResult<unknown>>

/**
 * A pg pool as Kysely wants it, with six things more.
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
 * A server that refuses to write is given up: behind its address may be a standby since a failover. So is one of several that is not there any
 * more; see {@link AnswerWatch}.
 *
 * A commit whose wait for a synchronous standby was cancelled is an {@link UnconfirmedCommitError}.
 *
 * @param pool of the clients of `choice`
 */
export function adaptPool(pool: Pool, use: PoolUse): PostgresPool {
  const connect = () => connectSeated(pool, use.choice, use.prepare)
  return {
    options: pool.options,
    connect: async () => adaptClient(await connectUntil(connect, use.cutOff), use),
    end: () => pool.end(),
  }
}

function adaptClient(
  client: PoolClient,
  { choice, watch, isPooled, copyTimeoutMs }: PoolUse,
): PostgresPoolClient {
  let unanswered = false
  let refuses = false
  const seated = client as unknown as SeatedClient
  const send: Run = async (text, parameters) => {
    if (isCopyFromStdin(text)) {
      const rowCount = await copyFromStdin(client, text, parameters[0] as Uint8Array[], copyTimeoutMs)
      return { command: 'COPY' as never, rowCount, rows: [] }
    }
    // The next transaction may be on another session, which does not know the name.
    const name = isPooled ? undefined : preparedName(text)
    return (await client.query({ text, values: parameters, ...(name !== undefined && { name }) })) as never
  }
  const run: Run = async (text, parameters) => {
    if (unanswered) throw new Error(READ_TIMEOUT_MESSAGE)
    watch?.begin(seated)
    try {
      const result = await send(text, parameters)
      if (seated.isUnconfirmed) throw new UnconfirmedCommitError()
      return result
    } catch (error) {
      unanswered ||= isReadTimeout(error)
      refuses ||= isReadOnly(error)
      if (refuses) choice.giveUp(seated.seat)
      throw error
    } finally {
      watch?.end(seated)
    }
  }
  return {
    // A cursor is no promise and keeps its own errors.
    query: ((first: unknown, parameters: unknown[]) =>
      typeof first === 'string' ? run(first, parameters) : client.query(first as never)) as never,
    release: (destroy) => client.release(unanswered || refuses || seated.isUnconfirmed || destroy === true),
  }
}
