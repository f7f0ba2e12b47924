import { AppError } from '@runnel/contracts'
import { createHostCheck, type HostCheck, type HttpOptions, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import { clearCookie, readCookie, SIGN_IN_COOKIE, writeCookie } from './cookies.ts'
import type { SignIn } from './create-sign-in.ts'
import type { OidcProvider } from './oidc/oidc-provider.ts'
import { openSession } from './open-session.ts'
import { openSignIn, sealSignIn, SIGN_IN_MS } from './pending-sign-in.ts'
import { requirePublicOrigin } from './require-public-origin.ts'
import { returnPathOf } from './return-path.ts'
import type { SignedIn } from './signed-in.ts'

const SCHEMA = { tags: ['access'], produces: ['text/html'] }

interface AuthRouteOptions {
  readonly signIn: SignIn
  readonly hosts: HttpOptions
  readonly provider: OidcProvider
  /** Counts how an attempt ended. */
  readonly note: (outcome: string) => void
}

/** What people meet while they sign in. In a scope that prepareSignInPages has prepared: errors are pages there. */
export function addAuthRoutes(app: HttpServer, { signIn, provider, hosts, note }: AuthRouteOptions): void {
  const { settings, secrets } = signIn
  const { publicOriginOf } = createHostCheck(hosts)
  const to = Type.Optional(Type.String({ description: 'Path to open afterwards' }))
  app.get(
    '/auth/login',
    {
      config: { access: 'public' },
      schema: {
        ...SCHEMA,
        summary: 'Leads a person to the provider to sign in',
        querystring: Type.Object({ to }),
      },
    },
    async (request, reply) => {
      requirePublicOrigin(publicOriginOf(request.raw), settings.publicUrl)
      const { url, pending } = await provider.begin(returnPathOf(request.query.to, settings.publicUrl))
      const sealed = sealSignIn(secrets, pending, Date.now())
      return reply.header('set-cookie', writeCookie(SIGN_IN_COOKIE, sealed, SIGN_IN_MS)).redirect(url.href)
    },
  )

  addCallback(app, signIn, { publicOriginOf, provider, note })
}

interface CallbackOptions
  extends Pick<HostCheck, 'publicOriginOf'>, Pick<AuthRouteOptions, 'provider' | 'note'> {}

function addCallback(
  app: HttpServer,
  signIn: SignIn,
  { publicOriginOf, provider, note }: CallbackOptions,
): void {
  const { settings, secrets } = signIn
  app.get(
    '/auth/callback',
    {
      config: { access: 'public' },
      schema: {
        ...SCHEMA,
        summary: 'Where the provider sends a person back to, who is signed in from here on',
        querystring: Type.Object({}, { additionalProperties: true }),
      },
    },
    async (request, reply) => {
      requirePublicOrigin(publicOriginOf(request.raw), settings.publicUrl)
      // One answer of the provider is looked at, whatever comes of it.
      void reply.header('set-cookie', clearCookie(SIGN_IN_COOKIE))
      const pending = openSignIn(secrets, readCookie(request.headers, SIGN_IN_COOKIE), Date.now())
      if (!pending)
        throw new AppError(
          'sign_in_failed',
          'This browser has not begun to sign in here, or too long ago: begin again',
        )
      const { search } = new URL(request.url, settings.publicUrl)
      const person = await provider.finish(search, pending)
      requireRole(person, settings.oidc.roleClaim)
      const cookie = await openSession(signIn, request, person)
      note('signed_in')
      return reply.header('set-cookie', cookie).redirect(pending.returnTo)
    },
  )
}

function requireRole({ name, roles }: SignedIn, claim: string): void {
  if (roles.length > 0) return
  throw new AppError(
    'forbidden',
    `You are known as ${name}, but have no role here: no value of the claim ${claim} that the provider sent is among those of OIDC_ROLES_...`,
  )
}
