import { LogPatternsSchema, type LogPatterns } from '@runnel/contracts/api/log'
import { limitParameter, ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { parseClosedRange } from '../params/parse-range.ts'
import { family } from '../params/schemas.ts'
import { countPatterns } from '../search/count-patterns.ts'
import type { PatternCount } from '../search/pattern-counts.ts'
import { queryOfPattern } from '../search/query-of-pattern.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { toTime } from './encode-event.ts'
import { logFilter, parseLogConditions } from './log-conditions.ts'

const DEFAULT_PATTERNS = 50
const MAX_PATTERNS = 200

/** GET /api/v1/logs/patterns: what messages have in common. */
export function addLogPatternsRoute(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/logs/patterns',
    {
      config: { access: 'logs:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'Groups of similar messages, the most frequent first; takes the filters of /api/v1/logs',
        description:
          'Messages that differ in numbers, ids, addresses, times, quoted texts or a name are one pattern. The newest entries are counted first. ' +
          'What takes longer than SEARCH_BUDGET_MS is answered in part: `countedFrom` says from when on.',
        querystring: Type.Object(
          { ...logFilter, limit: limitParameter(DEFAULT_PATTERNS, MAX_PATTERNS) },
          { patternProperties: family('attr') },
        ),
        response: { 200: LogPatternsSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const range = parseClosedRange(request.query, store.nowMs())
      const filter = { ...parseLogConditions(request.query), ...range }
      const budget = { ms: limits.searchMs, rows: limits.searchRows }
      const { counts, countedFromMs } = await countPatterns(store, filter, budget)
      const { total, without, margin } = counts
      const { patterns, others } = counts.list(request.query.limit)
      const answer: LogPatterns = {
        ...{ from: toTime(range.fromMs), to: toTime(range.toMs) },
        ...(countedFromMs !== undefined && { countedFrom: toTime(countedFromMs) }),
        ...{ total, without, patterns: patterns.map(encodePattern), others, margin },
      }
      return sendJson(reply, JSON.stringify(answer))
    },
  )
}

function encodePattern({ firstMs, lastMs, ...pattern }: PatternCount): LogPatterns['patterns'][number] {
  const query = queryOfPattern(pattern.pattern)
  return {
    ...pattern,
    ...(query !== undefined && { query }),
    firstAt: toTime(firstMs),
    lastAt: toTime(lastMs),
  }
}
