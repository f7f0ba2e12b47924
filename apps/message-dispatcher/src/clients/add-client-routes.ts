import type { HttpServer } from '@runnel/http'
import type { Deps } from '../deps.ts'
import { createAsk } from '../requests/create-run-query.ts'
import { readJsonBodies } from '../requests/read-json-bodies.ts'
import { addSingleClientRoutes } from './client-routes.ts'
import { addImportReads, addImportRoute } from './import/import-routes.ts'

/** Requests of these routes that may run or wait at the database. */
const MAX_QUESTIONS = 200

/** Everything about clients, in scopes of its own: how bodies are read differs from route to route. */
export function addClientRoutes(http: HttpServer, { database, clients, signal }: Deps): void {
  const ask = createAsk(MAX_QUESTIONS)
  void http.register(async (scope) => {
    readJsonBodies(scope as unknown as HttpServer)
    addSingleClientRoutes(scope as unknown as HttpServer, database, ask)
    addImportReads(scope as unknown as HttpServer, database, ask)
  })
  void http.register(async (scope) => {
    addImportRoute(scope as unknown as HttpServer, { database, ask, limits: clients.imports, signal })
  })
}
