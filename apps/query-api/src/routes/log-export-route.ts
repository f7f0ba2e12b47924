import {
  CursorParameter,
  ProblemSchema,
  type CreateShare,
  type HttpServer,
  type RequestCallers,
} from '@runnel/http'
import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { exportLogs } from '../export/export-logs.ts'
import { createColumnFormat, MAX_COLUMNS, parseColumns } from '../export/column-formats.ts'
import { createPageReader } from '../export/create-page-reader.ts'
import { CONTENT_TYPES, LOG_FORMATS } from '../export/log-formats.ts'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { parseEventCursor } from '../params/event-cursor.ts'
import { family, Text } from '../params/schemas.ts'
import { parseClosedRange } from '../params/parse-range.ts'
import type { Store } from '../store.ts'
import { logFilter, parseLogConditions } from './log-conditions.ts'

const RETRY_AFTER_MS = 5000

const Column = Text(
  'A column, several with the parameter several times: id, occurredAt, receivedAt, level, service, message, traceId, timeUnread, data, ' +
    'or a field as in a query, such as user.id; default: the whole entry',
  200,
)

export interface ExportDeps {
  readonly store: Store
  readonly limits: QueryLimits
  readonly callers: RequestCallers
  readonly createShare: CreateShare
}

/** GET /api/v1/logs/export: everything that a filter finds, as a file. */
export function addLogExportRoute(
  app: HttpServer,
  { store, limits, callers, createShare }: ExportDeps,
): void {
  const share = createShare({
    name: 'exports',
    what: 'exports',
    permits: limits.exports,
    retryAfterMs: RETRY_AFTER_MS,
  })
  app.get(
    '/api/v1/logs/export',
    {
      config: { access: 'logs:read', share: 'exports' },
      preValidation: checkParameters,
      exposeHeadRoute: false,
      schema: {
        tags: ['logs'],
        summary:
          'All log entries that match, the newest first, as NDJSON or CSV; takes the filters of /api/v1/logs',
        description:
          `At most ${limits.exportItems} entries; a file that lacks some ends with a line that says so and has the cursor that ` +
          "leads on. It may be cancelled at any time. In CSV, a cell that a spreadsheet would run as a formula gets a ' before it.",
        querystring: Type.Object(
          {
            format: Type.Union([Type.Literal('ndjson'), Type.Literal('csv')], { default: 'ndjson' }),
            columns: Type.Optional(Type.Union([Column, Type.Array(Column, { maxItems: MAX_COLUMNS })])),
            ...logFilter,
            cursor: Type.Optional(CursorParameter),
          },
          { patternProperties: family('attr') },
        ),
        response: { 200: Type.String(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { format: name, cursor, columns: names } = request.query
      const columns = names === undefined ? undefined : parseColumns([names].flat())
      const filter = {
        ...parseLogConditions(request.query),
        ...parseClosedRange(request.query, store.nowMs()),
      }
      const { after } = parseEventCursor(cursor)
      const release = share.take(callers.current().peer)
      // Later pages are read when the client takes more, outside of any request.
      const onBehalf = callers.keep()
      const findLogSliceEnd: Store['findLogSliceEnd'] = (...rest) =>
        onBehalf(() => store.findLogSliceEnd(...rest))
      const options = {
        ...{ store: { findLogSliceEnd }, filter, after },
        ...{ maxItems: limits.exportItems, searchRows: limits.searchRows },
      }
      const format = columns ? createColumnFormat(name, columns) : LOG_FORMATS[name]
      const readPage = createPageReader(store, filter, name, columns)
      const pages = await exportLogs({
        ...options,
        format,
        readPage: (page) => onBehalf(() => readPage(page)),
      }).catch((error: unknown) => {
        release()
        throw error
      })
      void reply.headers({
        'cache-control': 'no-store',
        'content-type': CONTENT_TYPES[name],
        'content-disposition': `attachment; filename="logs.${name}"`,
      })
      return (reply as FastifyReply).send(Readable.from(pages, { objectMode: false }).once('close', release))
    },
  )
}
