import { AppError, isEventId } from '@runnel/contracts'
import { EventPageSchema } from '@runnel/contracts/api/event-page'
import {
  MetricEntrySchema,
  MetricNameSchema,
  type MetricEntry,
  type MetricName,
} from '@runnel/contracts/api/metric'
import { PageSchema, type Page } from '@runnel/contracts/api/page'
import { CursorParameter, limitParameter, ProblemSchema, toSizedPage, type HttpServer } from '@runnel/http'
import type { StoredMetric } from '@runnel/repositories-events'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { parseEventCursor } from '../params/event-cursor.ts'
import { parseFamily } from '../params/parse-family.ts'
import { encodeNameCursor, parseNameCursor } from '../params/name-cursor.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { family, Range, Text } from '../params/schemas.ts'
import { parseRange } from '../params/parse-range.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { encodeEvent, encodeEventPage, toTime } from './encode-event.ts'

const DEFAULT_LIMIT = 100

/** Metrics as they came, the newest first; one by its id; and which names there are. */
export function addMetricRoutes(app: HttpServer, store: Store, limits: QueryLimits): void {
  addList(app, store, limits)
  addNames(app, store, limits)
  app.get(
    '/api/v1/metrics/:id',
    {
      config: { access: 'metrics:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['metrics'],
        summary: 'One metric',
        params: Type.Object({ id: Type.String() }),
        response: { 200: MetricEntrySchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const metric = isEventId(id) ? await store.findMetric(id) : undefined
      if (!metric) throw new AppError('not_found', 'There is no such metric', { field: 'id' })
      return sendJson(reply, encodeMetric(metric))
    },
  )
}

function addList(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/metrics',
    {
      config: { access: 'metrics:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['metrics'],
        summary: 'A page of metrics, the newest first',
        description:
          '`tag.<name>=<value>` finds metrics by a tag. Stale markers, NaN and infinities of remote write are left out.',
        querystring: Type.Object(
          {
            name: Type.Optional(Text('Exactly this name')),
            ...Range,
            limit: limitParameter(DEFAULT_LIMIT, limits.pageItems),
            cursor: Type.Optional(CursorParameter),
          },
          { patternProperties: family('tag') },
        ),
        response: { 200: EventPageSchema(MetricEntrySchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { name, limit, cursor } = request.query
      const filter = {
        ...parseRange(request.query, store.nowMs()),
        name,
        tags: parseFamily(request.query, 'tag.'),
      }
      const from = parseEventCursor(cursor)
      const found = await store.listMetrics(filter, { limit, ...from, maxBytes: limits.pageBytes })
      return sendJson(reply, encodeEventPage({ ...found, ...from }, encodeMetric))
    },
  )
}

function addNames(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/metrics/names',
    {
      config: { access: 'metrics:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['metrics'],
        summary: 'A page of names in their order, each with its newest value',
        querystring: Type.Object({
          limit: limitParameter(DEFAULT_LIMIT, limits.pageItems),
          cursor: Type.Optional(CursorParameter),
        }),
        response: { 200: PageSchema(MetricNameSchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query
      const size = { items: limit, bytes: limits.pageBytes }
      const names = await store.listMetricNames(size, parseNameCursor(cursor))
      const present = ({ occurredAtMs, ...rest }: (typeof names.items)[number]) => ({
        ...rest,
        occurredAt: toTime(occurredAtMs),
      })
      const page: Page<MetricName> = toSizedPage(names, present, ({ name }) => encodeNameCursor(name))
      return sendJson(reply, JSON.stringify(page))
    },
  )
}

function encodeMetric(metric: StoredMetric): string {
  const { name, value, unit, tagsText: tags, dataText: data, extraText: extra } = metric
  return encodeEvent<MetricEntry, 'tags' | 'data' | 'extra'>(
    metric,
    { name, value, unit },
    { tags, data, extra },
  )
}
