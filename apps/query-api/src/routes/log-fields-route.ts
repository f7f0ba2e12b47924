import { LogFieldsSchema, type LogFieldNames } from '@runnel/contracts/api/log'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { parseText } from '@runnel/json'
import { Type } from 'typebox'
import { checkParameters } from '../params/check-parameters.ts'
import { parseClosedRange } from '../params/parse-range.ts'
import { Range } from '../params/schemas.ts'
import { FieldCollection } from '../search/field-collection.ts'
import { ignoreTooSlow } from '../search/ignore-too-slow.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'

/** What is looked at: it is read by an index, and taken apart here. */
const SAMPLE = { limit: 500, maxBytes: 512 * 1024 }

/** Columns whose values are counted for all entries. */
const COUNTED = ['service', 'level'] as const

/** GET /api/v1/logs/fields: what may be asked for in a query. */
export function addLogFieldsRoute(app: HttpServer, store: Store): void {
  app.get(
    '/api/v1/logs/fields',
    {
      config: { access: 'logs:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['logs'],
        summary: 'Fields that entries have, with values, to be offered to who writes a query',
        description:
          `Of the newest ${SAMPLE.limit} entries of the range, fewer where they are large; levels and services are those of the whole range ` +
          'where the counts of minutes hold.',
        querystring: Type.Object(Range),
        response: { 200: LogFieldsSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const range = parseClosedRange(request.query, store.nowMs())
      const [page, ...counted] = await Promise.all([
        store.listLogs(range, SAMPLE),
        ...COUNTED.map((column) => store.readLogValueCounts(range, column).catch(ignoreTooSlow)),
      ])
      const fields = new FieldCollection()
      for (const { level, service, dataText } of page.items) {
        if (level !== null) fields.add(['level'], level)
        if (service !== null) fields.add(['service'], service)
        fields.addEntry(parseText(dataText))
      }
      COUNTED.forEach((column, i) => {
        const values = (counted[i] ?? []).flatMap((part) => part.values)
        for (const { value } of values) fields.add([column], value)
      })
      const answer: LogFieldNames = { looked: page.items.length, fields: fields.list() }
      return sendJson(reply, JSON.stringify(answer))
    },
  )
}
