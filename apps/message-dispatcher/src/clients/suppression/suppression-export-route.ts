import { csvCell } from '@runnel/contracts'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { listSuppressions, type StoredSuppression } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { EXPORT_PAGE_ROWS, type ExportRouteOptions } from '../export/export-route-options.ts'
import { sendPages } from '../export/send-pages.ts'
import { SUPPRESSIONS_URL, suppressionTags } from './suppression-routes.ts'

const COLUMNS = ['phone', 'reason', 'optedOutAt', 'source', 'actor', 'addedAt']

const write = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`

const FILE = {
  name: 'suppressions',
  extension: 'csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  head: `\ufeff${write(COLUMNS)}`,
  line: ({ phone, reason, optedOutAt, source, actor, addedAt }: StoredSuppression) =>
    write([`+${phone}`, reason, optedOutAt.toISOString(), source, actor, addedAt.toISOString()]),
}

/** GET /api/v1/suppressions/export: the whole suppression list as a file that its import takes. */
export function addSuppressionExportRoute(
  http: HttpServer,
  { database, runQuery, takeExport }: ExportRouteOptions,
): void {
  http.get(
    `${SUPPRESSIONS_URL}/export`,
    {
      config: { access: 'clients:read', share: 'exports' },
      exposeHeadRoute: false,
      schema: {
        tags: suppressionTags,
        summary: 'The suppression list as CSV that its import takes',
        response: { 200: Type.String(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const read = async (after?: StoredSuppression) => {
        const items = await runQuery(() => listSuppressions(database, EXPORT_PAGE_ROWS + 1, after?.phone))
        return { items: items.slice(0, EXPORT_PAGE_ROWS), more: items.length > EXPORT_PAGE_ROWS }
      }
      return sendPages(reply, { ...FILE, read }, takeExport(request))
    },
  )
}
