import { AppError } from '@runnel/contracts'
import { IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import { findImport, listRefusedLines, type RefusedLine } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { EXPORT_PAGE_ROWS, type ExportRouteOptions } from '../export/export-route-options.ts'
import { sendPages } from '../export/send-pages.ts'
import { REFUSED_NDJSON, refusedCsv } from './write-refused-lines.ts'

/** GET /api/v1/clients/imports/:id/refused: the lines that an import refused, as a file that can be mended and sent again. */
export function addRefusedLinesRoute(
  http: HttpServer,
  { database, runQuery, pageBytes, takeExport }: ExportRouteOptions,
): void {
  http.get(
    '/api/v1/clients/imports/:id/refused',
    {
      config: { access: 'clients:read' },
      exposeHeadRoute: false,
      schema: {
        tags: ['clients'],
        summary:
          'The refused lines of an import with what is wrong, as a file that can be mended and imported',
        description:
          'In the format of the file, with importLine and importError, which an import does not read. Kept are ' +
          'CLIENT_IMPORT_KEPT_LINES lines for CLIENT_IMPORT_KEPT_DAYS days. In CSV, a cell that a spreadsheet would run as a ' +
          "formula gets a ' before it, which an import takes away.",
        params: IdParameters,
        response: { 200: Type.String(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const found = await runQuery(() => findImport(database, id))
      if (!found) throw new AppError('not_found', `There is no import with the id ${id}`, { field: 'id' })
      const { header, separator } = found
      const format =
        found.format === 'ndjson' ? REFUSED_NDJSON : refusedCsv(header ?? 'phone', separator ?? ',')
      const limits = { items: EXPORT_PAGE_ROWS, bytes: pageBytes }
      const file = {
        ...format,
        name: `import-${id}-refused`,
        read: (after?: RefusedLine) => runQuery(() => listRefusedLines(database, id, limits, after?.number)),
      }
      return sendPages(reply, file, takeExport(request))
    },
  )
}
