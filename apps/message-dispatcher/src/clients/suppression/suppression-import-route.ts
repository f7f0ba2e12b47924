import { SuppressionImportReportSchema } from '@runnel/contracts/api/suppression'
import { actorOf, ProblemSchema, type HttpServer, type PeerOf } from '@runnel/http'
import type { Database } from '@runnel/repositories-database'
import { Type } from 'typebox'
import { CONSUMED, fileParameters } from '../import/file-parameters.ts'
import { receiveFile, type ReceiveOptions } from '../import/receive-file.ts'
import { importSuppressionList } from './import-suppressions.ts'
import { SUPPRESSIONS_URL, suppressionChannel, suppressionTags } from './suppression-routes.ts'

export const SUPPRESSION_IMPORT_URL = `${SUPPRESSIONS_URL}/import`

const Query = Type.Object({ ...fileParameters, channel: suppressionChannel }, { additionalProperties: false })

/** In the scope of imports: the body is a stream that the route itself reads. */
export function addSuppressionImportRoute(
  http: HttpServer,
  { database, peerOf, ...options }: ReceiveOptions & { readonly database: Database; readonly peerOf: PeerOf },
): void {
  http.post(
    SUPPRESSION_IMPORT_URL,
    {
      config: { access: 'clients:write' },
      bodyLimit: options.limits.maxBytes,
      schema: {
        tags: suppressionTags,
        summary: 'Put the phones or addresses of a file on the suppression list',
        description:
          'CSV or NDJSON as for clients: a phone (of `channel` email and webhook: an address), and perhaps reason and optedOutAt; other columns are not read. Those that ' +
          'are on the list stay as they are. Lines with errors are listed in the answer.',
        consumes: CONSUMED,
        querystring: Query,
        response: { 200: SuppressionImportReportSchema, default: ProblemSchema },
      },
    },
    async (request) =>
      receiveFile(
        { raw: request.raw, parameters: request.query, peer: peerOf(request) },
        options,
        (file, parser) =>
          importSuppressionList(file, {
            ...{ database, parser, actor: actorOf(request) },
            channel: request.query.channel ?? 'gateway',
            batchRows: options.limits.batchRows,
          }),
      ),
  )
}
