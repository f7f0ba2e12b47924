import type { FastifyReply } from 'fastify'
import type { Readable } from 'node:stream'

/**
 * Headers of server-sent events. Proxies may not keep anything back, and the connection ends with the stream: a drain
 * does not wait for it.
 */
export const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'x-accel-buffering': 'no',
  connection: 'close',
}

/** Sends a stream, which is destroyed when the client goes. */
export function sendStream(
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
  stream: Readable,
): FastifyReply {
  return reply.headers({ 'cache-control': 'no-store', ...headers }).send(stream)
}
