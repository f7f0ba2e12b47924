import { LogStatsSchema, type LogCounts, type LogStats } from '@runnel/contracts/api/log'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import type { LogCount } from '@runnel/repositories-events'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { family, Step } from '../params/schemas.ts'
import { parseStep, stepStarts } from '../params/parse-step.ts'
import { parseClosedRange } from '../params/parse-range.ts'
import { countInSlices } from '../search/count-in-slices.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { toTime } from './encode-event.ts'
import { logFilter, parseLogConditions } from './log-conditions.ts'

/** GET /api/v1/logs/stats: how many entries of each level, over time. */
export function addLogStatsRoute(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/logs/stats',
    {
      config: { access: 'logs:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'Counts by level and time step; takes the filters of /api/v1/logs',
        description:
          'The newest entries are counted first. What takes longer than SEARCH_BUDGET_MS is answered in part: `countedFrom` says from when on.',
        querystring: Type.Object({ ...logFilter, step: Step }, { patternProperties: family('attr') }),
        response: { 200: LogStatsSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const range = parseClosedRange(request.query, store.nowMs())
      const stepMs = parseStep(request.query.step, range, limits.points)
      const filter = { ...parseLogConditions(request.query), ...range }
      const budget = { ms: limits.searchMs, rows: limits.searchRows }
      const { counts: rows, countedFromMs } = await countInSlices(store, filter, stepMs, budget)
      const byStep = Map.groupBy(rows, (row) => row.atMs)
      const buckets = stepStarts(range, stepMs).map((atMs) => ({
        at: toTime(atMs),
        ...summarise(byStep.get(atMs) ?? []),
      }))
      const { fromMs, toMs } = range
      const head = {
        ...{ from: toTime(fromMs), to: toTime(toMs), stepMs },
        ...(countedFromMs !== undefined && { countedFrom: toTime(countedFromMs) }),
        ...summarise(rows),
      }
      return sendJson(reply, JSON.stringify({ ...head, buckets } satisfies LogStats))
    },
  )
}

/** The counts of some rows: altogether, by level (most frequent first), and of levels that are not counted one by one. */
function summarise(rows: readonly LogCount[]): LogCounts {
  const counts = new Map<string | null, number>()
  let [total, other] = [0, 0]
  for (const row of rows) {
    total += row.count
    if (row.other) other += row.count
    else counts.set(row.level, (counts.get(row.level) ?? 0) + row.count)
  }
  const levels = [...counts].map(([level, count]) => ({ level, count })).sort((a, b) => b.count - a.count)
  return { total, levels, other }
}
