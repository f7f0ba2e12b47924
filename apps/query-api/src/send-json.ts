import type { FastifyReply } from 'fastify'

/** Sends text that is JSON already. It was read just now, and no cache may keep it. */
export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .send(text)
}
