import { decodeUtf8, parseJson } from '@runnel/json'
import type { HttpServer } from '@runnel/http'

/** Reads the bodies of a scope so that what is stored equals what was sent: Fastify's own parser alters some texts and numbers. */
export function readJsonBodies(scope: HttpServer): void {
  scope.removeContentTypeParser('application/json')
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(decodeUtf8(body as Buffer)))
    } catch (error) {
      done(error as Error)
    }
  })
}
