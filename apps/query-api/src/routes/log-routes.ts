import { AppError, isEventId } from '@runnel/contracts'
import { EventPageSchema } from '@runnel/contracts/api/event-page'
import { LogEntrySchema } from '@runnel/contracts/api/log'
import { CursorParameter, limitParameter, ProblemSchema, type HttpServer } from '@runnel/http'
import type { LogConditions } from '@runnel/repositories-events'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { parseEventCursor } from '../params/event-cursor.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { family } from '../params/schemas.ts'
import { parseRange } from '../params/parse-range.ts'
import { searchLogs } from '../search/search-logs.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { encodeEventPage, toTime } from './encode-event.ts'
import { encodeLog } from './encode-log.ts'
import { logFilter, parseLogConditions } from './log-conditions.ts'

const DEFAULT_LIMIT = 100

/** Log entries, the newest first, and one by its id. */
export function addLogRoutes(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/logs',
    {
      config: { access: 'logs:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'A page of log entries, the newest first',
        description:
          '`attr.<name>=<value>` finds entries by a member of `attributes`, or of the entry itself. Entries are ordered ' +
          'by their own time: replayed ones are found at their original time, by `from` and `to`. A search that takes longer than ' +
          'SEARCH_BUDGET_MS is answered in part: `searchedTo` says how far it came, and the cursor goes on from there; such a page may be empty.',
        querystring: Type.Object(
          {
            ...logFilter,
            limit: limitParameter(DEFAULT_LIMIT, limits.pageItems),
            cursor: Type.Optional(CursorParameter),
          },
          { patternProperties: family('attr') },
        ),
        response: { 200: EventPageSchema(LogEntrySchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query
      const conditions = parseLogConditions(request.query)
      const range = parseRange(request.query, store.nowMs())
      const from = parseEventCursor(cursor)
      const page = { limit, ...from, maxBytes: limits.pageBytes }
      const budget = { ms: limits.searchMs, rows: limits.searchRows }
      const found = await searchLogs(store, { ...conditions, ...range }, page, budget)
      const isEmpty = cursor === undefined && found.items.length === 0 && !found.searchedTo
      const hint = isEmpty ? { newestAt: await newestBefore(store, conditions, range.fromMs) } : {}
      return sendJson(reply, encodeEventPage({ ...found, ...from }, encodeLog, hint))
    },
  )
  app.get(
    '/api/v1/logs/:id',
    {
      config: { access: 'logs:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'One log entry',
        params: Type.Object({ id: Type.String() }),
        response: { 200: LogEntrySchema, default: ProblemSchema },
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

/** For a first page without entries: the time of the newest match before the range. */
async function newestBefore(store: Store, conditions: LogConditions, fromMs: number): Promise<string | null> {
  const atMs = await store.findNewestLogBefore(conditions, fromMs)
  return atMs === undefined ? null : toTime(atMs)
}
