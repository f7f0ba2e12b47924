import { ProblemSchema, type HttpServer } from '@runnel/http'
import { listAttributeNames, listClients, type StoredClient } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { clientFilterParameters, parseClientFilter } from '../client-query.ts'
import { CLIENT_NDJSON, clientCsv, MAX_ATTRIBUTE_COLUMNS } from './client-file.ts'
import { EXPORT_PAGE_ROWS, type ExportRouteOptions } from './export-route-options.ts'
import { sendPages } from './send-pages.ts'

const Query = Type.Object(
  {
    format: Type.Union([Type.Literal('csv'), Type.Literal('ndjson')], { default: 'csv' }),
    ...clientFilterParameters,
  },
  { additionalProperties: false },
)

/** GET /api/v1/clients/export: all clients of a filter as a file that an import takes. */
export function addClientExportRoute(
  http: HttpServer,
  { database, runQuery, pageBytes, takeExport }: ExportRouteOptions,
): void {
  http.get(
    '/api/v1/clients/export',
    {
      config: { access: 'clients:read', share: 'exports' },
      exposeHeadRoute: false,
      schema: {
        tags: ['clients'],
        summary: 'All clients that match, as CSV or NDJSON that an import takes; has the filters of the list',
        description:
          `Attributes that are text have columns, the ${MAX_ATTRIBUTE_COLUMNS} most frequent ones; all else of attributes is JSON in the ` +
          "column attributes. In CSV, a cell that a spreadsheet would run as a formula gets a ' before it, which an import takes away.",
        querystring: Query,
        response: { 200: Type.String(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { format } = request.query
      const filter = parseClientFilter(request.query)
      const release = takeExport(request)
      const limits = { items: EXPORT_PAGE_ROWS, bytes: pageBytes }
      try {
        const file =
          format === 'ndjson'
            ? CLIENT_NDJSON
            : clientCsv(await runQuery(() => listAttributeNames(database, filter, MAX_ATTRIBUTE_COLUMNS)))
        const read = (after?: StoredClient) =>
          runQuery(() => listClients(database, filter, limits, after?.id))
        return await sendPages(reply, { ...file, name: 'clients', read }, release)
      } catch (error) {
        release()
        throw error
      }
    },
  )
}
