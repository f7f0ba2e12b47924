import type { AppError } from '@runnel/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { OpenReplies, type OpenReply } from './open-replies.ts'
import { IDENTITY_HEADER } from './identity.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** While it is looked after in case that it takes long. */
    openReply: OpenReply | null
  }
}

/**
 * What takes longer than one to two of these is checked again. With the 2 s for which a session or the directory of keys may be
 * remembered, it ends within 5 s of the revocation.
 */
const CHECK_EVERY_MS = 1500

/** The check itself had no turn: nothing is known, and it is made again. */
const UNDECIDED = new Set<AppError['code']>(['too_busy', 'too_many_requests_of_peer'])

/**
 * Ends every request that takes long once who sent it may not make it any more: exports, tails, uploads, and what is forwarded
 * for it. Its connection is cut, so that a part is not taken for the whole. Of requests that came with an identity, the app that
 * signed it looks after the end. To be called after the hook that finds out who sends a request.
 *
 * @param onGone receives each request whose connection ended before its answer; some seconds later, and all at the end
 */
export function endWithAccess(app: FastifyInstance, onGone: (request: FastifyRequest) => void): void {
  const replies = new OpenReplies()
  const checking = new Set<FastifyReply>()
  app.decorateRequest('openReply', null)
  app.addHook('onRequest', (request, reply, done) => {
    if (isOwn(request)) request.openReply = replies.add(reply)
    done()
  })
  app.addHook('onResponse', (request, _reply, done) => {
    forget(request)
    done()
  })
  const forget = (request: FastifyRequest) => {
    if (request.openReply === null) return
    replies.remove(request.openReply)
    request.openReply = null
  }
  const look = () => {
    for (const { reply } of replies.look()) {
      if (reply.raw.destroyed) {
        forget(reply.request)
        onGone(reply.request)
      } else if (!checking.has(reply)) void check(reply, checking)
    }
  }
  const timer = setInterval(look, CHECK_EVERY_MS).unref()
  app.addHook('onClose', (_instance, done) => {
    clearInterval(timer)
    // Of those that began since the last look as well.
    look()
    look()
    done()
  })
}

function isOwn({ principal: { kind, key }, headers, routeOptions }: FastifyRequest): boolean {
  const isSender = key !== undefined || (kind === 'person' && headers[IDENTITY_HEADER] === undefined)
  return isSender && routeOptions.config.access !== 'public'
}

async function check(reply: FastifyReply, checking: Set<FastifyReply>): Promise<void> {
  const { log, raw, request } = reply
  checking.add(reply)
  try {
    const refusal = await request.checkAgain()
    if (refusal === undefined || UNDECIDED.has(refusal.code) || raw.writableFinished) return
    log.info({ code: refusal.code }, 'a request ended with the access of who sent it')
    raw.destroy()
  } catch (err) {
    log.error({ err }, 'it could not be checked whether a request may go on')
    raw.destroy()
  } finally {
    checking.delete(reply)
  }
}
