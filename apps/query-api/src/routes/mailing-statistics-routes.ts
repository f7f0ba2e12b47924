import { MAILING_STATUSES, type MailingStatus } from '@runnel/contracts'
import { MailingStatsSchema, MailingSummarySchema } from '@runnel/contracts/api/mailing-stats'
import { PageSchema } from '@runnel/contracts/api/page'
import { CursorParameter, limitParameter, parseIdCursor, ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import { sendEntry, sendFound } from '../send-entry.ts'
import type { QueryLimits } from '../limits.ts'
import type { MailingViews } from '../mailing-views.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { requireId } from '../params/parse-id.ts'
import { Text } from '../params/schemas.ts'

const DEFAULT_LIMIT = 20

const MAX_SEARCH_CHARACTERS = 200

/** A mailing has thousands of counters. */
const MAX_LIMIT = 100

/** How far mailings are: all of them in short, and one in detail. Both are at most a second old. */
export function addMailingStatisticsRoutes(
  app: HttpServer,
  views: MailingViews,
  { pageItems, pageBytes }: QueryLimits,
): void {
  app.get(
    '/api/v1/mailings/stats',
    {
      config: { access: 'mailings:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['mailings'],
        summary: 'A page of mailings with their messages by status, the newest first',
        querystring: Type.Object({
          status: Type.Optional(Type.Unsafe<MailingStatus>({ type: 'string', enum: [...MAILING_STATUSES] })),
          q: Type.Optional(Text('Part of the name, in any case', MAX_SEARCH_CHARACTERS)),
          deleted: Type.Optional(
            Type.Union([Type.Literal('true'), Type.Literal('false')], {
              description: 'true: deleted mailings are listed as well, with `deletedAt`',
            }),
          ),
          limit: limitParameter(DEFAULT_LIMIT, Math.min(MAX_LIMIT, pageItems)),
          cursor: Type.Optional(CursorParameter),
        }),
        response: { 200: PageSchema(MailingSummarySchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor, status, q, deleted } = request.query
      const beforeId = parseIdCursor('mailings', cursor)
      const filter = { status, name: q === '' ? undefined : q, deleted: deleted === 'true' || undefined }
      const isFiltered = Object.values(filter).some((value) => value !== undefined)
      const isDefaultPage = beforeId === undefined && !isFiltered && limit === DEFAULT_LIMIT
      const page = { limits: { items: limit, bytes: pageBytes }, beforeId, ...filter }
      return sendEntry(reply, await views.overview(page, isDefaultPage ? 'page' : undefined))
    },
  )
  app.get(
    '/api/v1/mailings/:id/stats',
    {
      config: { access: 'mailings:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['mailings'],
        summary: 'Messages of one mailing by status, operator, tag and hour; its rate and estimated finish',
        description:
          'All numbers are of one moment; those of a deleted mailing stay. Every message is in one status, one operator and one tag; `byHour` counts those ' +
          'that are not to be sent any more, by the hour (UTC) in which their status changed last.',
        params: Type.Object({ id: Type.String({ description: 'A whole number from 1 to 2^53 - 1' }) }),
        response: { 200: MailingStatsSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const id = requireId(request.params.id)
      return sendFound(reply, await views.statistics(id), `mailing ${id}`)
    },
  )
}
