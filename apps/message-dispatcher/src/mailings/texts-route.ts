import { MailingTextSchema } from '@runnel/contracts/api/mailing-text'
import { PageSchema } from '@runnel/contracts/api/page'
import { encodeIdCursor, IdParameters, parseIdCursor, ProblemSchema, type HttpServer } from '@runnel/http'
import { listMailingTexts } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { pageParameters } from '../requests/page-parameters.ts'
import type { MailingRouteContext } from './mailing-route-context.ts'

/** The texts that a mailing has had. They outlive it. */
export function addTextsRoute(
  http: HttpServer,
  { runQuery, database, pageBytes }: MailingRouteContext,
): void {
  http.get(
    '/api/v1/mailings/:id/texts',
    {
      config: { access: 'mailings:read' },
      schema: {
        tags: ['mailings'],
        summary: 'List the texts that a mailing has had, with the versions that brought them, newest first',
        params: IdParameters,
        querystring: Type.Object(pageParameters, { additionalProperties: false }),
        response: { 200: PageSchema(MailingTextSchema), default: ProblemSchema },
      },
    },
    async ({ params, query: { limit, cursor } }) => {
      const beforeVersion = parseIdCursor('mailingTexts', cursor)
      const limits = { items: limit, bytes: pageBytes }
      const { items, more } = await runQuery(() =>
        listMailingTexts(database, params.id, limits, beforeVersion),
      )
      return {
        items: items.map(({ at, ...text }) => ({ ...text, at: at.toISOString() })),
        nextCursor: more ? encodeIdCursor('mailingTexts', items.at(-1)!.version) : null,
      }
    },
  )
}
