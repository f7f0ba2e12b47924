import type { FastifyInstance } from 'fastify'

/**
 * What every answer says to a browser, errors and files too: it is what its type says, no page may show it in a frame, and
 * nothing of it loads or runs anything. Pages set a policy of their own.
 */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
}

/** For a page that shows an e-mail, which has its styles within it: nothing else of it loads or runs. */
export const EMAIL_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

const ENTRIES = Object.entries(SECURITY_HEADERS)

/** Has to be the first hook, so that no answer goes without. */
export function secureAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    for (const [name, value] of ENTRIES) void reply.header(name, value)
    done()
  })
}
