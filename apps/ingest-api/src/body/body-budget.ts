import { AppError } from '@runnel/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface BodyBudgetOptions {
  /** Bytes of large bodies that may be under way at the same time. */
  readonly totalBytes: number
  /** The most that a body of unknown size counts: one that is chunked, or will be inflated. */
  readonly unknownBytes: number
}

/** Bodies up to this size are free: the number of connections bounds them, and the hot path pays nothing. */
const SMALL_BYTES = 64 * 1024

/** Times that deflate makes a body smaller at most: 258 bytes for two bits (zlib.net/zlib_tech.html). */
const MAX_DEFLATE_RATIO = 1032
const DEFLATED = new Set(['gzip', 'x-gzip', 'deflate'])

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
    // Comes after every end of a request, also when the client disconnected.
    reply.raw.once('close', () => (underWay -= bytes))
    done()
  }
}

function sizeOf({ headers }: FastifyRequest, unknownBytes: number): number {
  const { 'content-encoding': encoding, 'content-length': length } = headers
  if (length === undefined) return headers['transfer-encoding'] === undefined ? 0 : unknownBytes
  if (encoding === undefined) return Number(length)
  return DEFLATED.has(encoding) ? Math.min(Number(length) * MAX_DEFLATE_RATIO, unknownBytes) : unknownBytes
}
