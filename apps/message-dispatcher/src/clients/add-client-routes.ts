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
import { addClientChangeRoutes } from './client-change-routes.ts'
import { addSingleClientRoutes } from './client-routes.ts'
import { addClientTotalsRoutes } from './client-totals-routes.ts'
import { CLIENT_LEVELS } from './client-members.ts'
import { addClientExportRoute } from './export/client-export-route.ts'
import type { ExportRouteOptions } from './export/export-route-options.ts'
import { addImportReads, addImportRoute } from './import/import-routes.ts'
import { addRefusedLinesRoute } from './import/refused-lines-route.ts'
import { addSuppressionExportRoute } from './suppression/suppression-export-route.ts'
import { addSuppressionImportRoute } from './suppression/suppression-import-route.ts'
import { addSuppressionRoutes } from './suppression/suppression-routes.ts'

const RETRY_AFTER_MS = 10_000

/** Queries of these routes that may run or wait at once. */
const MAX_QUERIES = 200

/** All routes of clients, in scopes of their own because imports read their bodies in another way. */
export function addClientRoutes(
  http: HttpServer,
  { database, clients, log, pageBytes, signal, metrics, httpOptions = DEFAULT_HTTP_OPTIONS }: Deps,
): void {
  const runQuery = createRunQuery(MAX_QUERIES)
  const createShare = createShares(metrics, httpOptions)
  const peerOf = createPeerOf(createAddressOf(httpOptions.trustedProxies))
  const exportShare = createShare({
    name: 'client_exports',
    what: 'exports',
    permits: clients.exportConcurrency,
    retryAfterMs: RETRY_AFTER_MS,
  })
  const exports: ExportRouteOptions = {
    ...{ database, runQuery, pageBytes },
    takeExport: (request) => exportShare.take(peerOf(request)),
  }
  void http.register(async (scope) => {
    readJsonBodies(scope as unknown as HttpServer, CLIENT_LEVELS)
    addSingleClientRoutes(scope as unknown as HttpServer, { database, pageBytes, runQuery })
    addClientTotalsRoutes(scope as unknown as HttpServer, { database })
    addClientChangeRoutes(scope as unknown as HttpServer, {
      ...{ database, log, signal, runQuery },
      maxClients: clients.changeMax,
    })
    addImportReads(scope as unknown as HttpServer, { database, pageBytes, runQuery })
    addClientExportRoute(scope as unknown as HttpServer, exports)
    addRefusedLinesRoute(scope as unknown as HttpServer, exports)
    addSuppressionExportRoute(scope as unknown as HttpServer, exports)
    addSuppressionRoutes(scope as unknown as HttpServer, { database, runQuery })
  })
  void http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body))
    const options = {
      ...{ database, signal },
      limits: clients.imports,
      share: createShare({
        name: 'imports',
        what: 'imports',
        permits: clients.imports.concurrency,
        retryAfterMs: RETRY_AFTER_MS,
      }),
      peerOf,
    }
    addImportRoute(scope as unknown as HttpServer, { ...options, runQuery })
    addSuppressionImportRoute(scope as unknown as HttpServer, options)
  })
}
