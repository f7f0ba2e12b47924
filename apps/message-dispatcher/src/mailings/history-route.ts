import {
  IdParameters,
  pageSchema,
  parseIdCursor,
  ProblemSchema,
  toIdPage,
  type HttpServer,
} from '@runnel/http'
import { listHistory } from '@runnel/repositories'
import { Type } from 'typebox'
import { pageParameters } from '../requests/page-parameters.ts'
import type { MailingRoom } from './mailing-route-context.ts'

const HistoryEntrySchema = Type.Object({
  id: Type.Integer(),
  at: Type.String(),
  actor: Type.String(),
  action: Type.String(),
  detail: Type.Unknown(),
})

export function addHistoryRoute(http: HttpServer, { ask, database }: MailingRoom): void {
  http.get(
    '/api/v1/mailings/:id/history',
    {
      schema: {
        tags: ['mailings'],
        summary: 'What people did to a mailing, the latest first',
        params: IdParameters,
        querystring: Type.Object(pageParameters, { additionalProperties: false }),
        response: { 200: pageSchema(HistoryEntrySchema), default: ProblemSchema },
      },
    },
    async ({ params, query: { limit, cursor } }) => {
      const beforeId = parseIdCursor('mailingHistory', cursor)
      const found = await ask(() => listHistory(database, params.id, limit + 1, beforeId))
      return toIdPage('mailingHistory', found, limit, ({ at, ...entry }) => ({
        ...entry,
        at: at.toISOString(),
      }))
    },
  )
}
