import { AppError } from '@runnel/contracts'
import type { HttpServer } from '@runnel/http'
import type { RunQuery, Database } from '@runnel/repositories-database'
import { findMailing } from '@runnel/repositories-mailings'
import type { FastifyRequest } from 'fastify'

const CREATION = '/api/v1/mailings'
const EDIT = '/api/v1/mailings/:id'

/**
 * Nothing that a key of kind `test` does reaches a channel: it makes and edits drafts, and reads. Whatever starts a mailing,
 * or changes one that is to be sent, is refused, whichever scopes it has.
 */
export function refuseTestKeys(
  scope: HttpServer,
  { runQuery, database }: { readonly runQuery: RunQuery; readonly database: Database },
): void {
  scope.addHook('preHandler', async (request) => {
    if (!request.principal.isTest || request.method === 'GET' || request.method === 'HEAD') return
    const { config, url } = request.routeOptions
    if ([config.access].flat().includes('mailings:send')) throw refusal('It starts no mailing')
    if (url === CREATION && request.method === 'POST' && !isDraft(request))
      throw refusal('It makes drafts alone: send "draft": true')
    if (url === EDIT && request.method === 'PATCH') {
      const { id } = request.params as { readonly id: number }
      const { status } = await runQuery(() => findMailing(database, id))
      if (status !== 'draft') throw refusal(`It edits drafts alone, and this mailing is ${status}`)
    }
  })
}

function isDraft({ body }: FastifyRequest): boolean {
  return (body as { readonly draft?: unknown } | null)?.draft === true
}

function refusal(why: string): AppError {
  return new AppError('test_key', `This is a test key. ${why}`, { expected: 'a key of kind live' })
}
