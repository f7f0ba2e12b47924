import createFetchClient, { type Client } from 'openapi-fetch'
import { authorize, type ApiKey } from './api-key.ts'
import type { paths as IngestPaths } from './generated/ingest-api.ts'
import type { paths as DispatcherPaths } from './generated/message-dispatcher.ts'
import type { paths as QueryPaths } from './generated/query-api.ts'

export interface RestOptions {
  /** Where the app answers, e.g. `http://localhost:8080`. */
  readonly url: string
  /** Left out where Runnel asks for no keys. */
  readonly key?: ApiKey | undefined
  /** Default: the global fetch. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined
}

export type IngestClient = Client<IngestPaths>
export type QueryClient = Client<QueryPaths>
export type DispatcherClient = Client<DispatcherPaths>

/** The routes of ingest-api under /api/v1: events in, dead letters. To send many events, see createSender. */
export function createIngestClient(options: RestOptions): IngestClient {
  return createRestClient<IngestPaths>(options)
}

/** The routes of query-api under /api/v1: products, logs, metrics, traces, statistics of mailings. */
export function createQueryClient(options: RestOptions): QueryClient {
  return createRestClient<QueryPaths>(options)
}

/** The routes of message-dispatcher under /api/v1: clients, mailings, keys, reports. The URL may be that of query-api, which forwards. */
export function createDispatcherClient(options: RestOptions): DispatcherClient {
  return createRestClient<DispatcherPaths>(options)
}

function createRestClient<Paths extends object>({ url, key, fetch }: RestOptions): Client<Paths> {
  const client = createFetchClient<Paths>({ baseUrl: url, ...(fetch && { fetch }) })
  client.use({
    onRequest: ({ request }) => authorize(request.headers, key),
  })
  return client
}
