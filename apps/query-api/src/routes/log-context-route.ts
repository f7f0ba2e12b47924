import { AppError, isEventId } from '@runnel/contracts'
import { EventPageSchema } from '@runnel/contracts/api/event-page'
import { LogEntrySchema } from '@runnel/contracts/api/log'
import { limitParameter, ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { family } from '../params/schemas.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { encodeEventPage } from './encode-event.ts'
import { encodeLog } from './encode-log.ts'
import { logConditionParameters, parseLogConditions } from './log-conditions.ts'

const DEFAULT_LIMIT = 100
/** How far from the entry its neighbours may lie. */
const MAX_DISTANCE_MS = 86_400_000

/** GET /api/v1/logs/:id/context: an entry between those that occurred before and after it. */
export function addLogContextRoute(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/logs/:id/context',
    {
      config: { access: 'logs:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'A log entry between those that occurred right before and after it, the newest first',
        description:
          'Takes the filters of /api/v1/logs but for the time; the entry itself is among its neighbours whether it matches or not. ' +
          'Neighbours lie within a day of it. The cursors are those of /api/v1/logs.',
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object(
          { ...logConditionParameters, limit: limitParameter(DEFAULT_LIMIT, limits.pageItems) },
          { patternProperties: family('attr') },
        ),
        response: { 200: EventPageSchema(LogEntrySchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const conditions = parseLogConditions(request.query)
      const log = isEventId(id) ? await store.findLog(id) : undefined
      if (!log) throw new AppError('not_found', 'There is no such log entry', { field: 'id' })
      const range = { fromMs: log.occurredAtMs - MAX_DISTANCE_MS, toMs: log.occurredAtMs + MAX_DISTANCE_MS }
      const page = { limit: Math.ceil(request.query.limit / 2), maxBytes: limits.pageBytes / 2 }
      const [newer, older] = await Promise.all([
        store.listLogs({ ...conditions, ...range }, { ...page, before: log }),
        store.listLogs({ ...conditions, ...range }, { ...page, after: log }),
      ])
      const items = [...newer.items, log, ...older.items]
      return sendJson(reply, encodeEventPage({ items, more: older.more }, encodeLog))
    },
  )
}
