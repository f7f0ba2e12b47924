import type { AppError } from '@runnel/contracts'
import type { FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'

/**
 * With the 2 s for which a session or the directory of keys may be remembered, a stream ends within 5 s of the revocation.
 */
const CHECK_EVERY_MS = 1500

/** The check itself had no turn: nothing is known, and it is made again. */
const UNDECIDED = new Set<AppError['code']>(['too_busy', 'too_many_requests_of_peer'])

/** Ends a stream once who opened it may not read it any more. What waited for them is not sent. */
export function endWithAccess(request: FastifyRequest, stream: Readable): void {
  const { log } = request
  let isChecking = false
  const check = async () => {
    if (isChecking) return
    isChecking = true
    try {
      const refusal = await request.checkAgain()
      if (refusal === undefined || UNDECIDED.has(refusal.code) || stream.destroyed) return
      log.info({ code: refusal.code }, 'a stream ended with the access of who opened it')
      stream.destroy()
    } catch (err) {
      log.error({ err }, 'it could not be checked whether a stream may go on')
      stream.destroy()
    } finally {
      isChecking = false
    }
  }
  const timer = setInterval(() => void check(), CHECK_EVERY_MS)
  stream.once('close', () => clearInterval(timer))
}
