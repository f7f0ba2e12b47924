import { AppError } from '@runnel/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface BodyBudgetOptions {
  /** Bytes of large bodies that may be under way at the same time. */
  readonly totalBytes: number
  /** What a body counts whose size nobody knows beforehand: it is chunked, or will be inflated. */
  readonly unknownBytes: number
}

/** Bodies up to this size are free: the number of connections bounds them, and the hot path pays nothing. */
const SMALL_BYTES = 64 * 1024

const RETRY_AFTER_MS = 1000

/**
 * A hook that keeps the sum of large bodies within bounds. Each of them is limited already; a thousand at once would
 * still be more than the process has.
 *
 * @throws AppError too_busy, before a byte of the body is read
 */
export function createBodyBudget({ totalBytes, unknownBytes }: BodyBudgetOptions) {
  let underWay = 0
  return function onRequest(
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    const bytes = sizeOf(request, unknownBytes)
    if (bytes <= SMALL_BYTES) return done()
    if (underWay > 0 && underWay + bytes > totalBytes) {
      return done(
        new AppError('too_busy', 'Too many large bodies are under way', { retryAfterMs: RETRY_AFTER_MS }),
      )
    }
    underWay += bytes
    // Comes after every end of a request, also when the client went away.
    reply.raw.once('close', () => (underWay -= bytes))
    done()
  }
}

function sizeOf({ headers }: FastifyRequest, unknownBytes: number): number {
  if (headers['content-encoding'] !== undefined) return unknownBytes
  const length = headers['content-length']
  if (length !== undefined) return Number(length)
  return headers['transfer-encoding'] === undefined ? 0 : unknownBytes
}
