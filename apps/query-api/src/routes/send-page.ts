import type { FastifyReply } from 'fastify'

/** Pages load their own style sheet and icon and nothing else; no script runs. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}

/** Puts on the headers that every page has. */
export function secured(reply: FastifyReply): FastifyReply {
  return reply.headers(HEADERS)
}

export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return secured(reply)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
    .send(page)
}
