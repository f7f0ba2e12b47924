import type { FastifyReply } from 'fastify'

/** Pages load scripts, styles and images from their own origin, and send requests to it alone; nothing is inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}

/** Adds the headers that every page has. */
export function secured(reply: FastifyReply): FastifyReply {
  return reply.headers(HEADERS)
}

export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return secured(reply)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
    .send(page)
}
