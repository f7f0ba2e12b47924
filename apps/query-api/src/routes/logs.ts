import { AppError, isEventId } from '@runnel/contracts'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import type { StoredLog } from '@runnel/repositories'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { parseEventCursor } from '../params/cursor.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { Cursor, family, Limit, page } from '../params/schemas.ts'
import { parseRange } from '../params/time-range.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { encodeEvent, encodeEventPage, eventMembers, NullableText } from './event-json.ts'
import { logFilter, parseLogFilter } from './log-query.ts'

const DEFAULT_LIMIT = 100

const LogSchema = Type.Object({
  ...eventMembers,
  level: NullableText,
  service: NullableText,
  message: NullableText,
  data: Type.Unknown({ description: 'The entry as it was sent' }),
})

/** Log entries, the newest first, and one by its id. */
export function addLogRoutes(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/logs',
    {
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'A page of log entries, the newest first',
        description:
          '`attr.<name>=<value>` finds entries by a member of `attributes`, or of the entry itself.',
        querystring: Type.Object(
          { ...logFilter, limit: Limit(DEFAULT_LIMIT, limits.pageItems), cursor: Type.Optional(Cursor) },
          { patternProperties: family('attr') },
        ),
        response: { 200: page(LogSchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query
      const filter = parseLogFilter(request.query, parseRange(request.query, Date.now()))
      const after = parseEventCursor(cursor)
      const found = await store.listLogs(filter, { limit, after, maxBytes: limits.pageBytes })
      return sendJson(reply, encodeEventPage(found, encodeLog))
    },
  )
  app.get(
    '/api/v1/logs/:id',
    {
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'One log entry',
        params: Type.Object({ id: Type.String() }),
        response: { 200: LogSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const log = isEventId(id) ? await store.findLog(id) : undefined
      if (!log) throw new AppError('not_found', 'There is no such log entry', { field: 'id' })
      return sendJson(reply, encodeLog(log))
    },
  )
}

function encodeLog(log: StoredLog): string {
  const { level, service, message } = log
  return encodeEvent(log, { level, service, message }, { data: log.dataText })
}
