import type { FastifyReply } from 'fastify'
import type { EventStream } from './event-stream.ts'

/**
 * Answers with server-sent events; the stream is destroyed when the client goes. Proxies may not keep anything back, and
 * the connection ends with the stream: a drain does not wait for it.
 */
export function sendEvents(reply: FastifyReply, stream: EventStream): FastifyReply {
  return reply
    .headers({
      'cache-control': 'no-store',
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      connection: 'close',
    })
    .send(stream)
}
