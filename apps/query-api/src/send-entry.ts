import type { Entry } from '@runnel/cache'
import { AppError } from '@runnel/contracts'
import type { FastifyReply } from 'fastify'

/** RFC 9211: where an answer came from. */
const CACHE_STATUS = {
  hit: 'runnel; hit',
  stale: 'runnel; hit; detail=stale',
  miss: 'runnel; fwd=miss',
  bypass: 'runnel; fwd=bypass',
} as const

export type CacheStatus = keyof typeof CACHE_STATUS

/** Bytes with where they came from. */
export interface Answer {
  readonly entry: Entry
  readonly status: CacheStatus
}

/** Adds the header that says where the answer came from. */
export function setCacheStatus(reply: FastifyReply, status: CacheStatus): void {
  void reply.header('cache-status', CACHE_STATUS[status])
}

/**
 * Sends the bytes of an entry as they are, or 304 where the client has them already. Caches on the way have to revalidate:
 * the bound on staleness is counted up to here.
 *
 * @param entry one with a body
 */
export function sendEntry(
  reply: FastifyReply,
  { entry, status }: Answer,
  contentType = 'application/json; charset=utf-8',
): FastifyReply {
  void reply.headers({
    'cache-control': 'no-cache',
    'cache-status': CACHE_STATUS[status],
    etag: entry.etag,
  })
  const known = reply.request.headers['if-none-match']
  if (known !== undefined && matchesTag(known, entry.etag)) return reply.code(304).send()
  return reply.header('content-type', contentType).send(payloadOf(entry))
}

/**
 * Sends what was found under an id.
 *
 * @param what that is, for the error: "product 7"
 * @throws AppError not_found where the entry has no body
 */
export function sendFound(reply: FastifyReply, answer: Answer, what: string): FastifyReply {
  if (answer.entry.body !== null) return sendEntry(reply, answer)
  setCacheStatus(reply, answer.status)
  throw new AppError('not_found', `There is no ${what}`, { field: 'id' })
}

/**
 * Node writes text together with the headers, in one piece; bytes go in a writev of two, which costs a third of the
 * throughput for small bodies. Large ones are better not copied.
 */
const TEXT_BYTES = 8192

function payloadOf({ body }: Entry): Buffer | string | null {
  return body === null || body.length > TEXT_BYTES ? body : body.toString()
}

/** If-None-Match compares weakly: `W/` does not matter. @param header the whole of it */
function matchesTag(header: string, etag: string): boolean {
  return header === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
