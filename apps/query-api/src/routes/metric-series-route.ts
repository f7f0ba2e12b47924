import { MetricSeriesSchema, type MetricSeries } from '@runnel/contracts/api/metric'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { AGGREGATE_NAMES, type SeriesPoint } from '@runnel/repositories-events'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { parseFamily } from '../params/parse-family.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { family, Range, Step, Text } from '../params/schemas.ts'
import { parseStep, stepStarts } from '../params/parse-step.ts'
import { parseClosedRange } from '../params/parse-range.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { toTime } from './encode-event.ts'

/** GET /api/v1/metrics/series: one metric over time, aggregated by step and tag. */
export function addMetricSeriesRoute(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/metrics/series',
    {
      config: { access: 'metrics:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['metrics'],
        summary: 'Values of a metric over time, aggregated by step; a step without values is null',
        description:
          '`tag.<name>=<value>` takes only metrics with this tag. `agg=rate` is what counters with the same tags grew by per second, summed.',
        querystring: Type.Object(
          {
            name: Text('Name of the metric'),
            ...Range,
            step: Step,
            agg: Type.Union(
              AGGREGATE_NAMES.map((name) => Type.Literal(name)),
              { default: 'avg' },
            ),
            by: Type.Optional(Text('One series for every value of this tag')),
          },
          { patternProperties: family('tag') },
        ),
        response: { 200: MetricSeriesSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { name, agg, by } = request.query
      const range = parseClosedRange(request.query, store.nowMs())
      const filter = { ...range, name, tags: parseFamily(request.query, 'tag.') }
      // Before the database is asked anything.
      if (request.query.step !== undefined) parseStep(request.query.step, range, limits.points)
      const intervalMs = await store.readMetricInterval(filter)
      const stepMs = parseStep(request.query.step, range, limits.points, intervalMs)
      const { points, truncated } = await store.readMetricSeries(filter, {
        stepMs,
        by,
        aggregate: agg,
        maxSeries: limits.series,
      })
      const { fromMs, toMs } = range
      const head = {
        name,
        agg,
        from: toTime(fromMs),
        to: toTime(toMs),
        stepMs,
        intervalMs: intervalMs ?? null,
        truncated,
      }
      const series = toSeries(points, stepStarts(range, stepMs), by)
      return sendJson(reply, JSON.stringify({ ...head, series } satisfies MetricSeries))
    },
  )
}

function toSeries(
  points: readonly SeriesPoint[],
  starts: readonly number[],
  by: string | undefined,
): MetricSeries['series'] {
  const byTag = Map.groupBy(points, (point) => point.tag)
  if (by === undefined && byTag.size === 0) byTag.set(null, [])
  return [...byTag].map(([value, ofTag]) => {
    const byStep = new Map(ofTag.map((point) => [point.atMs, point.value]))
    return {
      ...(by !== undefined && { tag: { name: by, value } }),
      points: starts.map((atMs) => ({ at: toTime(atMs), value: byStep.get(atMs) ?? null })),
    }
  })
}
