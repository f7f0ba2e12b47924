import type { HttpServer } from '@runnel/http'
import type { Deps } from '../deps.ts'
import { readJsonBodies } from '../requests/read-json-bodies.ts'
import { addActionRoutes } from './action-routes.ts'
import { addAudienceRoutes } from './audience-routes.ts'
import { addHistoryRoute } from './history-route.ts'
import { createMailingRoom } from './mailing-route-context.ts'
import { addMailingCrudRoutes } from './mailing-routes.ts'
import { addRetryRoute } from './retry-route.ts'

/** Everything that people can do with mailings, in a scope of its own for the sake of how bodies are read. */
export function addMailingRoutes(http: HttpServer, deps: Deps): void {
  const room = createMailingRoom(deps)
  void http.register(async (instance) => {
    const scope = instance as unknown as HttpServer
    readJsonBodies(scope)
    addMailingCrudRoutes(scope, room)
    addActionRoutes(scope, room)
    addRetryRoute(scope, room)
    addHistoryRoute(scope, room)
    addAudienceRoutes(scope, room)
  })
}
