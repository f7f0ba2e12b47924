import { AppError } from '@runnel/contracts'
import {
  createHostCheck,
  statusOf,
  retryAfterSeconds,
  toAppError,
  type HostCheck,
  type HttpOptions,
  type HttpServer,
} from '@runnel/http'
import { counter, type Metrics } from '@runnel/observability'
import { beginSession } from '@runnel/repositories-access'
import { databaseProblem } from '@runnel/repositories-database'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { sendPage } from '../routes/send-page.ts'
import { clearCookie, readCookie, SESSION_COOKIE, SIGN_IN_COOKIE, writeCookie } from './cookies.ts'
import type { SignIn } from './create-sign-in.ts'
import { openSignIn, sealSignIn, SIGN_IN_MS } from './pending-sign-in.ts'
import { requirePublicOrigin } from './require-public-origin.ts'
import { returnPathOf } from './return-path.ts'
import { createSessionId, createSessionToken, parseSessionToken } from './session-token.ts'
import { signInPage } from './sign-in-page.ts'
import type { SignedIn } from './signed-in.ts'

const MAX_USER_AGENT = 300

const SCHEMA = { tags: ['access'], produces: ['text/html'] }

interface AuthRouteOptions {
  readonly signIn: SignIn
  readonly hosts: HttpOptions
  readonly metrics: Metrics
}

/** What people meet while they sign in. In a scope of its own: errors are pages here. */
export function addAuthRoutes(app: HttpServer, { signIn, hosts, metrics }: AuthRouteOptions): void {
  const { settings, secret, provider } = signIn
  const { publicOriginOf } = createHostCheck(hosts)
  const signedIn = counter(
    metrics,
    'runnel_sign_ins_total',
    'Attempts of people to sign in, by their outcome',
    ['outcome'],
  )
  sendErrorsAsPages(app, (code) => signedIn.inc({ outcome: code }))
  app.addHook('onSend', (_request, reply, payload, done) => {
    void reply.header('cache-control', 'no-store')
    done(null, payload)
  })

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
      const sealed = sealSignIn(secret, pending, Date.now())
      return reply.header('set-cookie', writeCookie(SIGN_IN_COOKIE, sealed, SIGN_IN_MS)).redirect(url.href)
    },
  )

  addCallback(app, signIn, { publicOriginOf, note: (outcome) => signedIn.inc({ outcome }) })

  app.get(
    '/auth/signed-out',
    {
      config: { access: 'public' },
      schema: { ...SCHEMA, summary: 'Says that the session has ended', querystring: Type.Object({}) },
    },
    (_request, reply) =>
      sendPage(
        reply,
        signInPage('You are signed out', 'Your session here has ended.', {
          href: '/auth/login',
          label: 'Sign in again',
        }),
      ),
  )
}

interface CallbackOptions extends Pick<HostCheck, 'publicOriginOf'> {
  readonly note: (outcome: string) => void
}

function addCallback(app: HttpServer, signIn: SignIn, { publicOriginOf, note }: CallbackOptions): void {
  const { settings, secret, provider } = signIn
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
      const pending = openSignIn(secret, readCookie(request.headers, SIGN_IN_COOKIE), Date.now())
      if (!pending)
        throw new AppError(
          'sign_in_failed',
          'This browser has not begun to sign in here, or too long ago: begin again',
        )
      const { search } = new URL(request.url, settings.publicUrl)
      const person = await provider.finish(search, pending)
      requireRole(person, settings.oidc.roleClaim)
      const cookie = await begin(signIn, request, person)
      note('signed_in')
      return reply.header('set-cookie', cookie).redirect(pending.returnTo)
    },
  )
}

/**
 * A new token each time: one that was in the browser before is worth nothing afterwards.
 *
 * @returns the cookie
 */
async function begin(
  { settings, database, addressOf, end }: SignIn,
  request: FastifyRequest,
  person: SignedIn,
): Promise<string> {
  const token = createSessionToken()
  const before = parseSessionToken(readCookie(request.headers, SESSION_COOKIE))
  const session = {
    ...person,
    ...{ id: createSessionId(), sha256: token.sha256, address: addressOf(request.raw) },
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
  }
  await beginSession(database, session, settings.sessions).catch((error: unknown) => {
    throw databaseProblem(error)
  })
  if (before) await end({ sha256: before })
  const { personId, roles } = person
  request.log.info({ personId, sessionId: session.id, roles }, 'a person signed in')
  return writeCookie(SESSION_COOKIE, token.text, settings.sessions.absoluteMs)
}

function requireRole({ name, roles }: SignedIn, claim: string): void {
  if (roles.length > 0) return
  throw new AppError(
    'forbidden',
    `You are known as ${name}, but have no role here: no value of the claim ${claim} that the provider sent is among those of OIDC_ROLES_...`,
  )
}

const TITLES: Readonly<Record<number, string>> = {
  403: 'You have no role here',
  503: 'Nobody can sign in at the moment',
}

function sendErrorsAsPages(app: HttpServer, note: (code: string) => void): void {
  app.setErrorHandler((error: Error, request, reply) => {
    const appError = toAppError(error)
    const status = statusOf(appError.code)
    note(appError.code)
    if (status === 500) request.log.error({ err: error }, 'signing in failed')
    else
      request.log.warn(
        { code: appError.code, reason: reasonOf(appError.cause) },
        'a person could not sign in',
      )
    const retryAfter = retryAfterSeconds(appError)
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
    const title = TITLES[status] ?? 'You are not signed in'
    const link = { href: '/auth/login', label: 'Try again' }
    return sendPage(reply.code(status), signInPage(title, `${appError.message}.`, link))
  })
}

/** Words alone: what else errors of a provider's answer hold are tokens, codes and what it knows of the person. */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  const { code } = cause as { code?: unknown }
  return typeof code === 'string' ? `${cause.message} (${code})` : cause.message
}
