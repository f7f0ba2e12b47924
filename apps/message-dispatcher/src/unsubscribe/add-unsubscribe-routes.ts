import { EMAIL_PAGE_POLICY, type HttpServer } from '@runnel/http'
import { createRunQuery } from '@runnel/repositories-database'
import { optOutAddress } from '@runnel/repositories-mailings'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Deps } from '../deps.ts'
import { UNSUBSCRIBE_PATH, type UnsubscribeLinks } from './unsubscribe-links.ts'
import { askPage, donePage, UNKNOWN_PAGE } from './unsubscribe-page.ts'

/** Opt-outs that may wait for the database at once. */
const MAX_QUERIES = 100

/** What a mail provider posts is `List-Unsubscribe=One-Click`, in one of two forms. */
const BODY_LIMIT_BYTES = 4096

const tags = ['opting out']

/**
 * Where people opt out of e-mails: RFC 8058. A POST does it, whoever sends it and with whatever body; a GET shows a page with a
 * button, and changes nothing. What allows it is the token alone.
 */
export function addUnsubscribeRoutes(
  http: HttpServer,
  { database, log }: Pick<Deps, 'database' | 'log'>,
  links: UnsubscribeLinks | undefined,
): void {
  const runQuery = createRunQuery(MAX_QUERIES)
  const params = Type.Object({ token: Type.String({ maxLength: 1024 }) })
  const response = { 200: Type.String({ description: 'HTML' }), 404: Type.String({ description: 'HTML' }) }
  void http.register(async (instance) => {
    const scope = instance as unknown as HttpServer
    scope.removeAllContentTypeParsers()
    const parser = { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES } as const
    scope.addContentTypeParser('*', parser, (_request, _body, done) => done(null, undefined))
    scope.get(
      `${UNSUBSCRIBE_PATH}/:token`,
      {
        config: { access: 'public' },
        schema: { tags, summary: 'A page that asks whether to opt out of e-mails', params, response },
      },
      async (request, reply) => {
        const claim = links?.decode(request.params.token)
        return send(reply, claim ? 200 : 404, claim ? askPage(claim.address) : UNKNOWN_PAGE)
      },
    )
    scope.post(
      `${UNSUBSCRIBE_PATH}/:token`,
      {
        // Pages of web mail post here too.
        config: { access: 'public', fromAnySite: true },
        schema: {
          tags,
          summary: 'Opt an e-mail address out; safe to repeat, and with one click (RFC 8058)',
          params,
          response,
        },
      },
      async (request, reply) => {
        const claim = links?.decode(request.params.token)
        if (!claim) return send(reply, 404, UNKNOWN_PAGE)
        const { mailingId, clientId } = claim
        const isNew = await runQuery(() => optOutAddress(database, { ...claim, channel: 'email' }))
        if (isNew) log.info({ mailingId, clientId, channel: 'email' }, 'a client has opted out')
        return send(reply, 200, donePage(claim.address))
      },
    )
  })
}

function send(reply: unknown, status: 200 | 404, page: string): never {
  const answer = reply as FastifyReply
  void answer.code(status).headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': EMAIL_PAGE_POLICY,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  return answer.send(page) as never
}
