import { LogValuesSchema, type LogValues } from '@runnel/contracts/api/log'
import { writeField } from '@runnel/contracts/log-query'
import { limitParameter, ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { parseFieldName } from '../params/parse-field-name.ts'
import { parseClosedRange } from '../params/parse-range.ts'
import { family, Text } from '../params/schemas.ts'
import { countValues } from '../search/count-values.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { toTime } from './encode-event.ts'
import { logFilter, parseLogConditions } from './log-conditions.ts'

const DEFAULT_VALUES = 20
const MAX_VALUES = 100

/** GET /api/v1/logs/values: how often a field has which values. */
export function addLogValuesRoute(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/logs/values',
    {
      config: { access: 'logs:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'The most frequent values of a field; takes the filters of /api/v1/logs',
        description:
          'The newest entries are counted first. What takes longer than SEARCH_BUDGET_MS is answered in part: `countedFrom` says from when on.',
        querystring: Type.Object(
          {
            field: Text('As in a query: level, service, message, trace_id, or a member such as user.id', 200),
            ...logFilter,
            limit: limitParameter(DEFAULT_VALUES, MAX_VALUES),
          },
          { patternProperties: family('attr') },
        ),
        response: { 200: LogValuesSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const field = parseFieldName(request.query.field, 'field')
      const range = parseClosedRange(request.query, store.nowMs())
      const filter = { ...parseLogConditions(request.query), ...range }
      const budget = { ms: limits.searchMs, rows: limits.searchRows }
      const { counts, countedFromMs } = await countValues(store, filter, field, budget)
      const { total, without, margin } = counts
      const answer: LogValues = {
        field: writeField(field),
        ...{ from: toTime(range.fromMs), to: toTime(range.toMs) },
        ...(countedFromMs !== undefined && { countedFrom: toTime(countedFromMs) }),
        ...{ total, without, ...counts.list(request.query.limit), margin },
      }
      return sendJson(reply, JSON.stringify(answer))
    },
  )
}
