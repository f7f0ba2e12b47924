import { SCOPES } from '@runnel/contracts'
import { MeSchema } from '@runnel/contracts/api/me'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'

/** Where a browser that signed in goes on. */
const CONSOLE = '/console/'

/** Has a browser ask for a key. */
export const KEY_SIGN_IN = '/sign-in'

/**
 * Who asks, for the console, and where a browser asks a person for a key.
 *
 * @param signIn path at which people sign in
 */
export function addMeRoutes(app: HttpServer, signIn = KEY_SIGN_IN): void {
  app.get(
    '/api/v1/me',
    {
      config: { access: 'public' },
      schema: {
        tags: ['access'],
        summary: 'Who you are here, and what you may do',
        querystring: Type.Object({}),
        response: { 200: MeSchema, default: ProblemSchema },
      },
    },
    async ({ principal: { kind, name, roles = [], scopes } }, reply) => {
      void reply.header('cache-control', 'no-store')
      return { kind, name, roles: [...roles], signIn, scopes: SCOPES.filter((scope) => scopes.has(scope)) }
    },
  )
  // At the top, so that browsers send what they were given here to every address of this app.
  const schema = {
    tags: ['access'],
    summary: 'Has a browser ask for an API key, then opens the console',
    querystring: Type.Object({}),
  }
  app.get(KEY_SIGN_IN, { config: { access: 'signed-in', asksForKey: true }, schema }, (_request, reply) =>
    reply.header('cache-control', 'no-store').redirect(CONSOLE),
  )
}
