import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { readDatabaseHosts, withoutSslParameters, type TlsFiles } from '@runnel/runtime'
import { COLUMN_PARSERS } from './column-types.ts'
import { adaptPool } from './adapt-pool.ts'
import { cutConnections } from './cut-connections.ts'
import type { Schema } from './schema.ts'
import { createSeatedClient } from './servers/seated-client.ts'
import { AnswerWatch } from './servers/answer-watch.ts'
import { probeServer } from './servers/probe-server.ts'
import { ServerChoice, type Seat } from './servers/server-choice.ts'
import { requireSession } from './require-session.ts'
import { commitDurably, pinSession } from './session-settings.ts'
import { sslOptions } from './ssl-options.ts'

/** A pool of connections with its query builder. */
export interface Database {
  readonly kysely: Kysely<Schema>
  /**
   * For what needs a session of its own: locks and settings that outlast a transaction. The same as `kysely`, unless a pooler that gives
   * each transaction another session is on the way there.
   */
  readonly sessions: Kysely<Schema>
  /** Whether `copy .. from stdin` works, with the pieces of its data as the one parameter. */
  readonly canCopy: boolean
  /** Queries that run at a time; others wait. */
  readonly connections: number
  /** Rows that one read may look at; only where no statement timeout ends it. */
  readonly maxScanRows?: number
  /** Whether its disk is full, so that it refuses to write; only where that can be seen in advance. */
  readonly isFull?: () => boolean
  close(): Promise<void>
}

/** Of the files, those that are set ask for TLS. */
export interface DatabaseOptions extends TlsFiles {
  /** Of one server, or of several that fail over: see {@link readDatabaseHosts}. */
  readonly url: string
  /** The same database without the pooler in transaction mode that is at `url`; undefined or empty: `url` is no pooler. */
  readonly directUrl?: string | undefined
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  readonly poolSize: number
  /** Milliseconds one statement may take, at the server; a little later the client gives up on its own. */
  readonly statementTimeoutMs: number
  /** Milliseconds to wait for a connection to one server. Default: what the URL says. */
  readonly connectTimeoutMs?: number
  /** When it aborts, every connection is cut, whatever it waits for, and no other one is opened. */
  readonly cutOff?: AbortSignal | undefined
  /** Receives the error of each connection that broke; the pool replaces those. */
  readonly onConnectionError?: (error: Error) => void
}

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return COLUMN_PARSERS[oid] ?? pg.types.getTypeParser(oid, format as 'text')
  },
}

/**
 * Opens a pool. Nothing is connected before the first query, so that it works while the server is unreachable; queries then
 * reject with what {@link isTransient} calls transient.
 */
export function connectDatabase(options: DatabaseOptions): Database {
  const { url, directUrl, poolSize } = options
  const kysely = openPool(options, url, poolSize, Boolean(directUrl))
  const direct = directUrl
    ? openPool(options, directUrl, Math.min(poolSize, DIRECT_CONNECTIONS), false)
    : undefined
  const close = async () => void (await Promise.all([kysely.destroy(), direct?.destroy()]))
  return { kysely, sessions: direct ?? kysely, canCopy: true, connections: poolSize, close }
}

/** Migrations and the removal of old days, one after the other. */
const DIRECT_CONNECTIONS = 2
/** For a login at one server, where neither the caller nor the URL says otherwise. */
const CONNECT_TIMEOUT_MS = 2000

function openPool(
  options: DatabaseOptions,
  databaseUrl: string,
  poolSize: number,
  isPooled: boolean,
): Kysely<Schema> {
  const { urls, attribute, connectTimeoutMs = CONNECT_TIMEOUT_MS } = readDatabaseHosts(databaseUrl)
  const sessions = urls.map((url) => pinSession(withoutSslParameters(url)))
  const ssl = sslOptions(urls[0]!, options)
  const choice = new ServerChoice({ urls: sessions.map(({ url }) => url), attribute })
  const login = {
    ...(ssl !== undefined && { ssl }),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? connectTimeoutMs,
  }
  const pool = new pg.Pool({
    Client: createSeatedClient(choice),
    ...login,
    max: poolSize,
    query_timeout: options.statementTimeoutMs + 1000,
    // A pooler refuses them, or drops them: its sessions are of its own making.
    ...(!isPooled && {
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.statementTimeoutMs,
      options: sessions[0]!.options,
    }),
    keepAlive: true,
    types: types as unknown as pg.CustomTypesConfig,
  })
  pool.on('error', (error) => options.onConnectionError?.(error))
  // The pool listens to idle clients only. One that breaks while it is lent, between two queries of a transaction, would
  // end the process with an unhandled 'error' event; the transaction that uses it fails at its next query.
  pool.on('connect', (client) => client.on('error', (error) => options.onConnectionError?.(error)))
  if (options.cutOff) cutConnections(pool, options.cutOff)
  const connectionTimeoutMillis = Math.min(login.connectionTimeoutMillis, CONNECT_TIMEOUT_MS)
  const probe = ({ url }: Seat) => probeServer({ ...login, connectionTimeoutMillis, connectionString: url })
  const adapted = adaptPool(pool, {
    choice,
    watch: choice.size > 1 ? new AnswerWatch(choice, probe) : undefined,
    prepare: isPooled ? (client) => requireSession(client, sessions[0]!.settings) : commitDurably,
    isPooled,
    copyTimeoutMs: options.statementTimeoutMs + 1000,
    cutOff: options.cutOff,
  })
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: adapted }) })
}
