import { SCOPES } from '@runnel/contracts'
import { MeSchema } from '@runnel/contracts/api/me'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'

/** Where a browser that signed in goes on. */
const CONSOLE = '/console/'

/** Has a browser ask for a key. */
export const KEY_SIGN_IN = '/sign-in'

interface MeOptions {
  /** Path at which people sign in; undefined where they do not. */
  readonly signInAt: string | undefined
  /** Path at which a browser asks for a key. */
  readonly keyAt: string
}

/** Who asks, for the console, and where a browser asks a person for a key. */
export function addMeRoutes(app: HttpServer, { signInAt, keyAt }: MeOptions): void {
  const signIn = signInAt ?? keyAt
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
  app.get(keyAt, { config: { access: 'signed-in', asksForKey: true }, schema }, (_request, reply) =>
    reply.header('cache-control', 'no-store').redirect(CONSOLE),
  )
}
