import { beginSession } from '@runnel/repositories-access'
import { toDatabaseError } from '@runnel/repositories-database'
import type { FastifyRequest } from 'fastify'
import { readCookie, SESSION_COOKIE, writeCookie } from './cookies.ts'
import type { SignIn } from './create-sign-in.ts'
import { createSessionId, createSessionToken, parseSessionToken } from './session-token.ts'
import type { SignedIn } from './signed-in.ts'

const MAX_USER_AGENT = 300

/**
 * A new token each time: one that was in the browser before is worth nothing afterwards.
 *
 * @param confirm what has to hold in the transaction in which the session begins
 * @returns the cookie
 */
export async function openSession(
  { settings, database, addressOf, end }: SignIn,
  request: FastifyRequest,
  person: SignedIn,
  confirm?: Parameters<typeof beginSession>[4],
): Promise<string> {
  const token = createSessionToken()
  const before = parseSessionToken(readCookie(request.headers, SESSION_COOKIE))
  const session = {
    ...person,
    ...{ id: createSessionId(), sha256: token.sha256, address: addressOf(request.raw) },
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
  }
  await beginSession(database, session, settings.sessions, undefined, confirm).catch((error: unknown) => {
    throw toDatabaseError(error)
  })
  if (before) await end({ sha256: before })
  const { personId, roles } = person
  request.log.info({ personId, sessionId: session.id, roles }, 'a person signed in')
  return writeCookie(SESSION_COOKIE, token.text, settings.sessions.absoluteMs)
}
