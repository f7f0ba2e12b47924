import { HistoryEntrySchema } from '@runnel/contracts/api/mailing-history'
import { PageSchema } from '@runnel/contracts/api/page'
import { IdParameters, parseIdCursor, ProblemSchema, toSizedIdPage, type HttpServer } from '@runnel/http'
import { listHistory } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { pageParameters } from '../requests/page-parameters.ts'
import type { MailingRouteContext } from './mailing-route-context.ts'

export function addHistoryRoute(
  http: HttpServer,
  { runQuery, database, pageBytes }: MailingRouteContext,
): void {
  http.get(
    '/api/v1/mailings/:id/history',
    {
      config: { access: 'mailings:read' },
      schema: {
        tags: ['mailings'],
        summary: 'List what users did to a mailing, newest first',
        params: IdParameters,
        querystring: Type.Object(pageParameters, { additionalProperties: false }),
        response: { 200: PageSchema(HistoryEntrySchema), default: ProblemSchema },
      },
    },
    async ({ params, query: { limit, cursor } }) => {
      const beforeId = parseIdCursor('mailingHistory', cursor)
      const limits = { items: limit, bytes: pageBytes }
      const page = await runQuery(() => listHistory(database, params.id, limits, beforeId))
      return toSizedIdPage('mailingHistory', page, ({ at, ...entry }) => ({
        ...entry,
        at: at.toISOString(),
      }))
    },
  )
}
