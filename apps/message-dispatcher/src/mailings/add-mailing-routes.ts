import type { HttpServer } from '@runnel/http'
import type { Deps } from '../deps.ts'
import { readJsonBodies } from '../requests/read-json-bodies.ts'
import { addActionRoutes } from './action-routes.ts'
import { addApproveRoute } from './approve-route.ts'
import { addAudienceRoutes } from './audience-routes.ts'
import { addCopyRoute } from './copy-route.ts'
import { addHistoryRoute } from './history-route.ts'
import { createMailingRouteContext } from './mailing-route-context.ts'
import { addMailingCrudRoutes } from './mailing-routes.ts'
import { addTestSendRoutes } from './test-send-routes.ts'
import { refuseTestKeys } from './refuse-test-keys.ts'
import { addTextsRoute } from './texts-route.ts'
import { addRetryRoute } from './retry-route.ts'

/** All routes of mailings, in a scope of their own because their bodies are read in a special way. */
export function addMailingRoutes(http: HttpServer, deps: Deps): void {
  const context = createMailingRouteContext(deps)
  void http.register(async (instance) => {
    const scope = instance as unknown as HttpServer
    readJsonBodies(scope)
    refuseTestKeys(scope, context)
    addMailingCrudRoutes(scope, context)
    addActionRoutes(scope, context)
    addApproveRoute(scope, context)
    addCopyRoute(scope, context)
    addTestSendRoutes(scope, context)
    addRetryRoute(scope, context)
    addHistoryRoute(scope, context)
    addTextsRoute(scope, context)
    addAudienceRoutes(scope, context)
  })
}
