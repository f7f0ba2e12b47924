import type { AppError } from '@runnel/contracts'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { IDENTITY_HEADER } from './identity.ts'

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
 */
export function endWithAccess(app: FastifyInstance): void {
  let young = new Set<FastifyReply>()
  const old = new Set<FastifyReply>()
  const checking = new Set<FastifyReply>()
  app.addHook('onRequest', ({ principal: { kind }, headers, routeOptions }, reply, done) => {
    const isOwn = (kind === 'key' || kind === 'person') && headers[IDENTITY_HEADER] === undefined
    if (isOwn && routeOptions.config.access !== 'public') young.add(reply)
    done()
  })
  app.addHook('onResponse', (_request, reply, done) => {
    if (!young.delete(reply)) old.delete(reply)
    done()
  })
  const look = () => {
    for (const reply of old) {
      if (reply.raw.destroyed) old.delete(reply)
      else if (!checking.has(reply)) void check(reply, checking)
    }
    for (const reply of young) old.add(reply)
    young = new Set()
  }
  const timer = setInterval(look, CHECK_EVERY_MS).unref()
  app.addHook('onClose', (_instance, done) => {
    clearInterval(timer)
    done()
  })
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
