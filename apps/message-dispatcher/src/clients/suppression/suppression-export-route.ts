import { csvCell, type AddressChannel } from '@runnel/contracts'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import {
  listSuppressedAddresses,
  listSuppressions,
  type StoredSuppressedAddress,
  type StoredSuppression,
} from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { EXPORT_PAGE_ROWS, type ExportRouteOptions } from '../export/export-route-options.ts'
import { sendPages } from '../export/send-pages.ts'
import { SUPPRESSIONS_URL, suppressionChannel, suppressionTags } from './suppression-routes.ts'

const write = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`

const REST = ['reason', 'optedOutAt', 'source', 'actor', 'addedAt']

/** Names of the columns that an import takes addresses from. */
const ADDRESS_COLUMNS: Readonly<Record<AddressChannel, string>> = { email: 'email', webhook: 'webhookUrl' }

const addressFile = (channel: AddressChannel) => ({
  ...{ name: `suppressions-${channel}`, extension: 'csv', contentType: FILE.contentType },
  head: `\ufeff${write([ADDRESS_COLUMNS[channel], ...REST])}`,
  line: ({ address, reason, optedOutAt, source, actor, addedAt }: StoredSuppressedAddress) =>
    write([address, reason, optedOutAt.toISOString(), source, actor, addedAt.toISOString()]),
})

const FILE = {
  name: 'suppressions',
  extension: 'csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  head: `\ufeff${write(['phone', ...REST])}`,
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
        querystring: Type.Object({ channel: suppressionChannel }, { additionalProperties: false }),
        response: { 200: Type.String(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { channel = 'gateway' } = request.query
      if (channel !== 'gateway') {
        const readAddresses = async (after?: StoredSuppressedAddress) => {
          const items = await runQuery(() =>
            listSuppressedAddresses(database, channel, EXPORT_PAGE_ROWS + 1, after?.address),
          )
          return { items: items.slice(0, EXPORT_PAGE_ROWS), more: items.length > EXPORT_PAGE_ROWS }
        }
        return sendPages(reply, { ...addressFile(channel), read: readAddresses }, takeExport(request))
      }
      const read = async (after?: StoredSuppression) => {
        const items = await runQuery(() => listSuppressions(database, EXPORT_PAGE_ROWS + 1, after?.phone))
        return { items: items.slice(0, EXPORT_PAGE_ROWS), more: items.length > EXPORT_PAGE_ROWS }
      }
      return sendPages(reply, { ...FILE, read }, takeExport(request))
    },
  )
}
