import { ProblemSchema, sendEvents, type HttpServer, type PeerOf } from '@runnel/http'
import { Type } from 'typebox'
import type { ProductChanges } from '../changes/product-changes.ts'
import { checkParameters } from '../params/check-parameters.ts'

/** GET /api/v1/products/changes: which products have changed, as server-sent events. */
export function addProductChangesRoute(app: HttpServer, changes: ProductChanges, peerOf: PeerOf): void {
  app.get(
    '/api/v1/products/changes',
    {
      config: { access: 'products:read', share: 'tails' },
      preValidation: checkParameters,
      // A HEAD request would never end.
      exposeHeadRoute: false,
      schema: {
        tags: ['products'],
        summary: 'Which products have changed, as server-sent events',
        description:
          'Events: `changed` with `{"ids":[1,2]}`, or with `{"ids":null}` where any may have changed. After a reconnect, ' +
          'a client loads again what it shows. Comments keep the connection alive.',
        querystring: Type.Object({}),
        response: { 200: Type.String(), default: ProblemSchema },
      },
    },
    async (request, reply) => sendEvents(reply, changes.open(peerOf(request))),
  )
}
