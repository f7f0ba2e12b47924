import { Type, type Static } from 'typebox'
import {
  CHART_AGGREGATES,
  CHART_COMPARISONS,
  MAX_CHART_METRICS,
  MAX_DASHBOARD_CHARTS,
  type ChartAggregate,
  type ChartComparison,
} from '../dashboards/chart-choices.ts'
import { MAX_INDEXED_TEXT_BYTES } from '../events/limits.ts'
import { Exact } from '../mailings/exact.ts'

const MAX_NAME_BYTES = 200
/** Tags that one chart asks for. */
const MAX_CHART_TAGS = 10

/** Neither empty nor blank. */
const VISIBLE = '\\S'

const Name = Type.String({
  maxBytes: MAX_NAME_BYTES,
  pattern: VISIBLE,
  description: 'For people; no two dashboards have the same, in any case of its letters',
})

const TagText = (description: string) =>
  Type.String({ minLength: 1, maxBytes: MAX_INDEXED_TEXT_BYTES, description })

/** A chart of a dashboard: what it asks GET /api/v1/metrics/series for. Its range is chosen by who looks at it. */
const ChartSchema = Exact(
  {
    title: Type.String({
      maxBytes: MAX_NAME_BYTES,
      description: 'Empty: the names of its metrics',
    }),
    metrics: Type.Array(TagText('Name of a metric'), {
      minItems: 1,
      maxItems: MAX_CHART_METRICS,
      uniqueItems: true,
      description: 'Names of the metrics that it shows together',
    }),
    agg: Type.Unsafe<ChartAggregate>({
      type: 'string',
      enum: [...CHART_AGGREGATES],
      description: 'How values are put together; `percentiles`: p50, p95 and p99',
    }),
    by: Type.Optional(TagText('One series for every value of this tag')),
    step: Type.Optional(
      Type.String({
        pattern: '^[1-9]\\d{0,8}(ms|s|m|h|d)$',
        description: 'E.g. 30s, 5m, 1h or 1d. Left out: by the range',
      }),
    ),
    compare: Type.Optional(
      Type.Unsafe<ChartComparison>({
        type: 'string',
        enum: [...CHART_COMPARISONS],
        description: 'Shows besides how it was a day, or a week before',
      }),
    ),
    small: Type.Optional(Type.Boolean({ description: 'true: a small chart for each series' })),
    tags: Type.Optional(
      Type.Record(TagText('Name of a tag'), TagText('Its value'), {
        maxProperties: MAX_CHART_TAGS,
        description: 'Only metrics with these tags',
      }),
    ),
  },
  'A chart',
)

export type DashboardChart = Static<typeof ChartSchema>

const Charts = Type.Array(ChartSchema, { maxItems: MAX_DASHBOARD_CHARTS, description: 'In their order' })

/** POST /api/v1/dashboards */
export const DashboardInputSchema = Exact({ name: Name, charts: Type.Optional(Charts) }, 'A dashboard')

export type DashboardInput = Static<typeof DashboardInputSchema>

/** PATCH /api/v1/dashboards/:id */
export const DashboardEditSchema = Exact(
  {
    version: Type.Integer({
      minimum: 1,
      description: 'The one that was read: 409 where it is another by now',
    }),
    name: Type.Optional(Name),
    charts: Type.Optional(Charts),
  },
  'What is left out stays as it is; the list of charts is replaced as a whole',
)

export type DashboardEdit = Static<typeof DashboardEditSchema>

const head = {
  id: Type.Integer(),
  name: Type.String(),
  version: Type.Integer({ description: 'Counts the edits' }),
  createdAt: Type.String(),
  createdBy: Type.String(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
}

export const DashboardSchema = Type.Object({ ...head, charts: Type.Array(ChartSchema) })

export type Dashboard = Static<typeof DashboardSchema>

const DashboardHeadSchema = Type.Object({
  ...head,
  chartCount: Type.Integer({ description: 'How many charts it has' }),
})

export type DashboardHead = Static<typeof DashboardHeadSchema>

/** GET /api/v1/dashboards: all there are, by name; their number has a limit. */
export const DashboardsSchema = Type.Object({ items: Type.Array(DashboardHeadSchema) })

export type Dashboards = Static<typeof DashboardsSchema>
