import {
  createDispatcherClient,
  createIngestClient,
  createQueryClient,
  type DispatcherClient,
  type IngestClient,
  type QueryClient,
} from '@runnel/client'
import type { CliContext } from '../cli-context.ts'
import type { ConnectionOptions } from '../options/connection-options.ts'
import { fetchAnswer } from './fetch-answer.ts'
import { readTarget, type Target } from './target.ts'

/** The routes of a running Runnel, all of them by way of query-api. */
export interface Connection {
  readonly target: Target
  readonly query: QueryClient
  readonly dispatcher: DispatcherClient
  /** Dead letters; events go to ingest-api itself. */
  readonly deadLetters: IngestClient
}

/** Reaches nothing yet. @throws CliError for options that are wrong */
export function connect(options: ConnectionOptions, context: CliContext): Connection {
  const target = readTarget(options, context)
  const waiting = { timeoutMs: target.timeoutMs, signal: context.signal }
  const rest = {
    url: target.url,
    key: target.key,
    fetch: (request: Request) => fetchAnswer(request, waiting),
  }
  return {
    target,
    query: createQueryClient(rest),
    dispatcher: createDispatcherClient(rest),
    deadLetters: createIngestClient(rest),
  }
}
