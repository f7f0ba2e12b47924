import type { Kind } from '@runnel/contracts'
import type { appTlsOptions } from '@runnel/runtime'
import { Pool } from 'undici'
import { CommandError } from '../command-error.ts'
import { parseAnswer, type Answer } from './parse-answer.ts'

export interface IngestClientOptions {
  /** Base URL of ingest-api. */
  readonly url: string
  /** TCP connections; more requests wait for one. */
  readonly connections: number
  /** Milliseconds the server may take to answer, and again between two parts of the answer. */
  readonly timeoutMs: number
  /** Ask for 200 only after the commit. */
  readonly waitStored?: boolean
  /** For https, as node:tls takes it. */
  readonly tls?: ReturnType<typeof appTlsOptions>
  /** Headers that prove who sends, by path and query. Default: none. */
  readonly sign?: (path: string) => Record<string, string>
}

export interface IngestClient {
  /**
   * One POST, no retry. Whatever happened is an {@link Answer}: a broken connection and a timeout too.
   *
   * @param body JSON text of an item or an array of items
   * @throws the signal's reason when it aborts
   */
  post(kind: Kind, body: string, signal: AbortSignal): Promise<Answer>
  close(): Promise<void>
}

/** An answer that names every item of the largest batch as rejected stays far below. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** @throws CommandError for an invalid URL */
export function createIngestClient(options: IngestClientOptions): IngestClient {
  const base = parseUrl(options.url)
  const pool = new Pool(base.origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: Math.min(options.timeoutMs, 5000), ...options.tls },
    maxResponseSize: MAX_ANSWER_BYTES,
  })
  const prefix = base.pathname.replace(/\/$/, '')
  const query = options.waitStored ? '?wait=stored' : ''
  return {
    post: async (kind, body, signal) => {
      const path = `${prefix}/api/v1/${kind}${query}`
      try {
        const response = await pool.request({
          method: 'POST',
          path,
          headers: { 'content-type': 'application/json', ...options.sign?.(path) },
          body,
          signal,
          headersTimeout: options.timeoutMs,
          bodyTimeout: options.timeoutMs,
        })
        return parseAnswer(response.statusCode, response.headers, await response.body.text())
      } catch (error) {
        signal.throwIfAborted()
        return { type: 'unreachable', reason: reasonOf(error) }
      }
    },
    close: () => pool.destroy(),
  }
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed
  throw new CommandError(`not an http or https URL: ${url}`)
}

const REASONS: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect timeout',
  UND_ERR_SOCKET: 'connection closed',
}

/** A few words, or a code like ECONNREFUSED; a message only where there is no code. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  return code === undefined ? (message ?? 'unknown') : (REASONS[code] ?? code)
}
