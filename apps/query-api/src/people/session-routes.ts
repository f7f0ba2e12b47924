import { AppError } from '@runnel/contracts'
import { SessionListSchema, SignedOutSchema, type Session } from '@runnel/contracts/api/session'
import { actorOf, ProblemSchema, requireScope, type HttpServer } from '@runnel/http'
import { listSessions, type StoredSession } from '@runnel/repositories-access'
import { toDatabaseError } from '@runnel/repositories-database'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { clearCookie, SESSION_COOKIE } from './cookies.ts'
import type { SignIn } from './create-sign-in.ts'

const MAX_SESSIONS = 1000
const SIGNED_OUT = '/auth/signed-out'

/** Sessions of people: listed and revoked, their own by everybody, those of others by whoever may change keys. */
export function addSessionRoutes(app: HttpServer, signIn: SignIn): void {
  const tags = ['access']
  app.get(
    '/api/v1/sessions',
    {
      config: { access: 'signed-in' },
      schema: {
        ...{ tags, summary: 'Sessions of people, the latest used first' },
        querystring: Type.Object({
          all: Type.Optional(
            Type.Boolean({
              description: 'Those of everybody; needs the scope keys:write. Default: your own',
            }),
          ),
        }),
        response: { 200: SessionListSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const current = signIn.sessionOf(request)
      if (request.query.all) requireScope(request, 'keys:write')
      void reply.header('cache-control', 'no-store')
      if (!request.query.all && !current) return { items: [] }
      const sessions = await listSessions(
        signIn.database,
        request.query.all ? undefined : current,
        MAX_SESSIONS,
      ).catch((error: unknown) => {
        throw toDatabaseError(error)
      })
      return { items: sessions.map((session) => present(session, current)) }
    },
  )

  app.delete(
    '/api/v1/sessions/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        ...{ tags, summary: 'Ends a session at once, at other replicas within two seconds' },
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 204: Type.Null(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const person = request.principal.scopes.has('keys:write') ? undefined : ownerOf(request)
      const by = { actor: actorOf(request), action: 'revoke' } as const
      if ((await signIn.end({ id, person }, by)) === 0)
        throw new AppError('not_found', 'There is no such session, or it is not yours', { field: 'id' })
      request.log.info({ sessionId: id, by: request.principal.id }, 'a session was revoked')
      return reply.code(204).send(null)
    },
  )

  /** @throws AppError forbidden where the caller is no person with a session */
  const ownerOf = (request: FastifyRequest): StoredSession => {
    const session = signIn.sessionOf(request)
    if (!session)
      throw new AppError('forbidden', 'This needs the scope keys:write', {
        extra: { missingScopes: ['keys:write'] },
      })
    return session
  }
}

/** Signing out, for the console. */
export function addLogoutRoute(app: HttpServer, signIn: SignIn): void {
  app.post(
    '/auth/logout',
    {
      config: { access: 'public' },
      schema: {
        ...{ tags: ['access'], summary: 'Ends the session of the browser that asks' },
        response: { 200: SignedOutSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const session = signIn.sessionOf(request)
      if (session) await signIn.end({ id: session.id }, { actor: session.name, action: 'sign-out' })
      void reply.headers({ 'set-cookie': clearCookie(SESSION_COOKIE), 'cache-control': 'no-store' })
      const { provider } = signIn
      const isOfProvider = session !== undefined && session.issuer === provider?.issuer
      return { next: (isOfProvider && (await provider?.endSessionUrl())) || SIGNED_OUT }
    },
  )
}

function present(session: StoredSession, current: StoredSession | undefined): Session {
  const { id, name, roles, userAgent, address } = session
  return {
    ...{ id, name, roles: [...roles], isCurrent: id === current?.id, userAgent, address },
    createdAt: session.createdAt.toISOString(),
    seenAt: session.seenAt.toISOString(),
    idleEndsAt: session.idleEndsAt.toISOString(),
    endsAt: session.endsAt.toISOString(),
  }
}
