import { ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import type { SignIn } from './create-sign-in.ts'
import type { OidcProvider } from './oidc/oidc-provider.ts'
import { takeForms } from './take-forms.ts'

const BODY_LIMIT_BYTES = 16 * 1024

/** Where the provider says that a session has ended there. In a scope of its own, because its bodies are forms. */
export function addProviderLogoutRoute(app: HttpServer, signIn: SignIn, provider: OidcProvider): void {
  takeForms(app, BODY_LIMIT_BYTES)
  app.post(
    '/auth/backchannel-logout',
    {
      config: { access: 'public' },
      schema: {
        tags: ['access'],
        summary:
          'Ends the sessions of a person who has signed out at the provider (OpenID Connect Back-Channel Logout)',
        consumes: ['application/x-www-form-urlencoded'],
        body: Type.Object({ logout_token: Type.String({ maxLength: BODY_LIMIT_BYTES }) }),
        response: { 204: Type.Null(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { providerSession, personId } = await provider.readLogoutToken(request.body.logout_token)
      const { issuer } = provider
      const by = { actor: issuer, action: 'sign-out' } as const
      let ended = 0
      if (providerSession !== undefined) ended += await signIn.end({ issuer, providerSession }, by)
      // Of sessions whose name at the provider is not known, too many end rather than too few.
      if (personId !== undefined)
        ended += await signIn.end({ issuer, personId, unnamed: providerSession !== undefined }, by)
      request.log.info({ ended }, 'the provider ended sessions')
      return reply.code(204).header('cache-control', 'no-store').send(null)
    },
  )
}
