import type { Logger } from '@runnel/observability'
import { AppError } from '@runnel/contracts'
import { callerOf, createPeerOf, type AddressOf, type CreateShare, type People } from '@runnel/http'
import {
  endSessions,
  type EndedBy,
  type EndedSessions,
  type StoredSession,
} from '@runnel/repositories-access'
import { toDatabaseError, type Database } from '@runnel/repositories-database'
import type { FastifyRequest } from 'fastify'
import { setTimeout } from 'node:timers/promises'
import { AccountSignIn } from './accounts/account-sign-in.ts'
import { readCookie, SESSION_COOKIE } from './cookies.ts'
import { OidcProvider } from './oidc/oidc-provider.ts'
import { SessionDirectory } from './session-directory.ts'
import { parseSessionToken } from './session-token.ts'
import { doPeopleSignIn, type PeopleSettings } from './settings.ts'

const MAX_WAITING = 500
const WAIT_MS = 5000

export interface PeopleOptions {
  readonly settings: PeopleSettings
  /** The first one seals what a browser holds while its person is at the provider; what any sealed is opened. */
  readonly secrets: readonly string[]
  /** A pool of its own: whoever is signed in is known while others search. */
  readonly database: Database
  readonly addressOf: AddressOf
  readonly createShare: CreateShare
  readonly log: Logger
}

/** Sign-in, sessions and their ends. */
export interface SignIn extends PeopleOptions {
  readonly people: People
  /** Undefined where there are local accounts alone. */
  readonly provider: OidcProvider | undefined
  /** Undefined where the provider alone signs people in. */
  readonly accounts: AccountSignIn | undefined
  /** The session that a request belongs to, once it was authenticated by it. */
  sessionOf(request: FastifyRequest): StoredSession | undefined
  /** @param by for the audit log. @returns how many sessions were ended. @throws AppError database_unavailable */
  end(which: EndedSessions, by?: EndedBy): Promise<number>
}

/** @returns undefined where people sign in nowhere */
export function createSignIn(options: PeopleOptions): SignIn | undefined {
  const { settings, database, addressOf, createShare } = options
  if (!doPeopleSignIn(settings)) return undefined
  const sessions = new SessionDirectory({
    database,
    settings: settings.sessions,
    share: createShare({
      ...{ name: 'sessions', what: 'checks of sessions', permits: database.connections },
      ...{ waiting: MAX_WAITING, waitMs: WAIT_MS },
    }),
    nowMs: () => performance.now(),
  })
  const peerOf = createPeerOf(addressOf)
  const found = new WeakMap<FastifyRequest, StoredSession>()
  const authenticate = async (request: FastifyRequest, sha256: Buffer) => {
    try {
      const known = await sessions.find(sha256, callerOf(request, peerOf))
      if (!known) return sessionEnded()
      found.set(request, known.session)
      return known.principal
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  }
  return {
    ...options,
    provider: settings.oidc.issuer === '' ? undefined : new OidcProvider(settings),
    accounts: settings.accounts.enabled ? createAccounts(options) : undefined,
    people: {
      authenticate: (request) => {
        const sha256 = parseSessionToken(readCookie(request.headers, SESSION_COOKIE))
        return sha256 && authenticate(request, sha256)
      },
    },
    sessionOf: (request) => found.get(request),
    end: async (which, by) => {
      const ids = await endSessions(database, which, by).catch((error: unknown) => {
        throw toDatabaseError(error)
      })
      sessions.forget(ids)
      return ids.length
    },
  }
}

function createAccounts({ settings, secrets, database, createShare, log }: PeopleOptions): AccountSignIn {
  const { accounts } = settings
  return new AccountSignIn({
    ...{ database, secrets, settings: accounts },
    share: createShare({
      ...{ name: 'passwords', what: 'checks of passwords', permits: accounts.hashes },
      ...{ waiting: accounts.hashesWaiting, waitMs: WAIT_MS },
    }),
    nowMs: () => Date.now(),
    sleep: setTimeout,
    warn: (text, accountId) => log.error({ accountId }, text),
  })
}

function sessionEnded(): AppError {
  return new AppError('session_ended', 'Your session has ended: sign in again', { field: 'cookie' })
}
