import { AppError, type Scope } from '@runnel/contracts'
import { tallies, type Metrics, type Tally } from '@runnel/observability'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createPeerOf, type AddressOf } from '../sharing/peer-of.ts'
import type { AccessOptions } from './access-options.ts'
import { createAuthenticate, type Authenticate } from './authenticate.ts'
import { FailureLimit } from './failure-limit.ts'
import { STRANGER, type Principal } from './principal.ts'
import { forbidden, tooManyFailures, unauthenticated } from './refusals.ts'
import type { RouteAccess } from './route-access.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; known before the body is read. */
    principal: Principal
    /**
     * Asks again whether who sent it may still use the route, for requests that take long; not for those with an identity, which is
     * good for their beginning.
     *
     * @returns AppError why not
     */
    checkAgain(): Promise<AppError | undefined>
  }
}

/** Browsers ask for the key where they open a page: it goes into the field of the password. */
const CHALLENGES = { program: 'Bearer realm="runnel"', page: 'Basic realm="runnel", charset="UTF-8"' }

/** What is said about wrong credentials: not of whether they can be checked. */
const FAILED = new Set(['unauthenticated', 'key_mistyped', 'key_expired', 'key_revoked'])
/** What is answered with 401. A session that has ended was right once, and pages go on asking with it. */
const CHALLENGED = new Set([...FAILED, 'session_ended'])

export interface GuardOptions {
  /** Undefined: everything is open. */
  readonly access: AccessOptions | undefined
  readonly addressOf: AddressOf
  readonly metrics: Metrics
  readonly nowMs?: () => number
}

/**
 * Lets requests through to routes by what these declare. A hook of the beginning: nothing of a body has been read, and nothing
 * that waits or counts for a caller has begun.
 */
export function guardRoutes(
  app: FastifyInstance,
  { access, addressOf, metrics, nowMs = Date.now }: GuardOptions,
): void {
  const authenticate = createAuthenticate(access, addressOf, nowMs)
  const peerOf = createPeerOf(addressOf)
  const failures = new FailureLimit(nowMs)
  const countRefusal = createRefusalCounter(metrics)
  /** Wrong credentials count; a request without any does not. */
  const judgeFailure = (error: AppError, request: FastifyRequest): AppError => {
    if (!FAILED.has(error.code)) return error
    const waitMs = failures.note(peerOf(request))
    return waitMs === undefined ? error : tooManyFailures(waitMs)
  }
  const countRefused = (keyId: string) => {
    if (access?.keys) access.keys.countsOf(keyId).refused++
  }
  app.decorateRequest('principal')
  app.decorateRequest('checkAgain', function (this: FastifyRequest) {
    return checkAgain(authenticate, this)
  })
  /** Where people sign in at a page, browsers do not ask them for a key. */
  const asksForKey = access?.people === undefined
  app.addHook('onRequest', (request, reply, done) => {
    const refuse = (error: AppError) => {
      countRefusal(error.code)
      if (CHALLENGED.has(error.code)) challenge(request, reply, asksForKey)
      done(error)
    }
    const declared = request.routeOptions.config.access
    request.principal = STRANGER
    const settle = (who: Principal | AppError) => {
      if (who instanceof AppError) {
        if (declared === 'public') return done()
        return refuse(judgeFailure(who, request))
      }
      request.principal = who
      const refusal = refusalOf(who, declared)
      if (refusal === undefined) return done()
      // What another app forwarded, that app counts by the answer.
      if (who.key !== undefined) countRefused(who.id)
      refuse(refusal)
    }
    const who = authenticate(request, declared === 'public' ? undefined : countRefused)
    if (who instanceof Promise) who.then(settle, done)
    else settle(who)
  })
}

function createRefusalCounter(metrics: Metrics): (code: AppError['code']) => void {
  const start = tallies(
    metrics,
    'runnel_access_refused_total',
    'Requests that were refused because of who sent them',
    ['code'],
  )
  const byCode = new Map<AppError['code'], Tally>()
  return (code) => {
    let tally = byCode.get(code)
    if (tally === undefined) byCode.set(code, (tally = start({ code })))
    tally.add()
  }
}

async function checkAgain(
  authenticate: Authenticate,
  request: FastifyRequest,
): Promise<AppError | undefined> {
  const who = await authenticate(request)
  return who instanceof AppError ? who : refusalOf(who, request.routeOptions.config.access)
}

function refusalOf(principal: Principal, declared: RouteAccess | undefined): AppError | undefined {
  if (declared === 'public') return undefined
  if (principal.kind === 'stranger') return unauthenticated(true)
  if (declared === 'signed-in') return undefined
  if (typeof declared === 'string') return principal.scopes.has(declared) ? undefined : forbidden([declared])
  // Not a route of this app; what answers it comes before this. A route that declares nothing is never built.
  if (declared === undefined) return new AppError('forbidden', 'This route does not say who may use it')
  const missing = declared.filter((scope) => !principal.scopes.has(scope))
  return missing.length === 0 ? undefined : forbidden(missing)
}

/**
 * For what a route can only judge once it has read the body.
 *
 * @throws AppError forbidden
 */
export function requireScope({ principal }: FastifyRequest, scope: Scope): void {
  if (!principal.scopes.has(scope)) throw forbidden([scope])
}

/** A navigation gets the question that browsers put to people; scripts of a page get none. */
function challenge(
  { headers, routeOptions }: FastifyRequest,
  reply: FastifyReply,
  asksForKey: boolean,
): void {
  const asks = asksForKey || routeOptions.config.asksForKey === true
  const isNavigation = asks && headers['sec-fetch-mode'] === 'navigate'
  void reply.header('www-authenticate', isNavigation ? CHALLENGES.page : CHALLENGES.program)
}
