import { decodeUtf8, parseJson, toDoubles } from '@runnel/json'
import type { HttpServer } from '@runnel/http'

/**
 * Reads the bodies of a scope so that what is stored equals what was sent: Fastify's own parser alters some texts and numbers.
 *
 * @param levels whose numbers are members of a schema, and become doubles: all of them, but for what is kept as it was sent
 */
export function readJsonBodies(scope: HttpServer, levels = Infinity): void {
  scope.removeContentTypeParser('application/json')
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    // Many clients name the type of a body that they do not send: a command without one is carried out.
    if (body.length === 0) return done(null, null)
    try {
      done(null, toDoubles(parseJson(decodeUtf8(body as Buffer)), levels))
    } catch (error) {
      done(error as Error)
    }
  })
}
