import {
  createAddressOf,
  createPeerOf,
  createShares,
  DEFAULT_HTTP_OPTIONS,
  type HttpServer,
} from '@runnel/http'
import { createRunQuery } from '@runnel/repositories-database'
import type { Deps } from '../deps.ts'
import { readJsonBodies } from '../requests/read-json-bodies.ts'
import { addSingleClientRoutes } from './client-routes.ts'
import { CLIENT_LEVELS } from './client-members.ts'
import { addImportReads, addImportRoute } from './import/import-routes.ts'
import { addSuppressionImportRoute } from './suppression/suppression-import-route.ts'
import { addSuppressionRoutes } from './suppression/suppression-routes.ts'

const RETRY_AFTER_MS = 10_000

/** Queries of these routes that may run or wait at once. */
const MAX_QUERIES = 200

/** All routes of clients, in scopes of their own because imports read their bodies in another way. */
export function addClientRoutes(
  http: HttpServer,
  { database, clients, pageBytes, signal, metrics, httpOptions = DEFAULT_HTTP_OPTIONS }: Deps,
): void {
  const runQuery = createRunQuery(MAX_QUERIES)
  void http.register(async (scope) => {
    readJsonBodies(scope as unknown as HttpServer, CLIENT_LEVELS)
    addSingleClientRoutes(scope as unknown as HttpServer, { database, pageBytes, runQuery })
    addImportReads(scope as unknown as HttpServer, { database, pageBytes, runQuery })
    addSuppressionRoutes(scope as unknown as HttpServer, { database, runQuery })
  })
  void http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body))
    const options = {
      ...{ database, signal },
      limits: clients.imports,
      share: createShares(
        metrics,
        httpOptions,
      )({
        name: 'imports',
        what: 'imports',
        permits: clients.imports.concurrency,
        retryAfterMs: RETRY_AFTER_MS,
      }),
      peerOf: createPeerOf(createAddressOf(httpOptions.trustedProxies)),
    }
    addImportRoute(scope as unknown as HttpServer, { ...options, runQuery })
    addSuppressionImportRoute(scope as unknown as HttpServer, options)
  })
}
