import { AppError } from '@runnel/contracts'
import {
  ClientImportSchema,
  ImportReportSchema,
  ImportWithErrorsSchema,
  type ClientImport,
} from '@runnel/contracts/api/client-import'
import { PageSchema } from '@runnel/contracts/api/page'
import {
  actorOf,
  encodeIdCursor,
  IdParameters,
  parseIdCursor,
  ProblemSchema,
  toSizedIdPage,
  toSizedPage,
  type HttpServer,
  type PeerOf,
} from '@runnel/http'
import type { Database, RunQuery } from '@runnel/repositories-database'
import {
  findImport,
  listImportErrors,
  listImports,
  type NumberedImportError,
  type StoredImport,
} from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { pageParameters } from '../../requests/page-parameters.ts'
import { CONSUMED, fileParameters } from './file-parameters.ts'
import { createPostImport, type PostImportOptions } from './post-import.ts'

export const IMPORT_URL = '/api/v1/clients/import'

const IMPORTS_URL = '/api/v1/clients/imports'

const tags = ['clients']

const ImportQuerySchema = Type.Object(
  {
    timeZone: Type.Optional(
      Type.String({ maxLength: 100, description: 'IANA time zone for new clients whose line has none' }),
    ),
    name: Type.Optional(
      Type.String({ maxLength: 255, description: 'Name of the file, for the list of imports' }),
    ),
    ...fileParameters,
  },
  { additionalProperties: false },
)

const PageQuery = Type.Object(pageParameters, { additionalProperties: false })

/** In a scope of its own: the body is a stream that the route itself reads. */
export function addImportRoute(
  http: HttpServer,
  { peerOf, ...options }: PostImportOptions & { readonly peerOf: PeerOf },
): void {
  const post = createPostImport(options)
  http.post(
    IMPORT_URL,
    {
      config: { access: 'clients:write' },
      bodyLimit: options.limits.maxBytes,
      schema: {
        tags,
        summary: 'Create and change clients from a file',
        description: DESCRIPTION,
        consumes: CONSUMED,
        querystring: ImportQuerySchema,
        response: { 200: ImportReportSchema, default: ProblemSchema },
      },
    },
    async (request) =>
      post({
        raw: request.raw,
        parameters: request.query,
        actor: actorOf(request),
        peer: peerOf(request),
      }),
  )
}

const DESCRIPTION = `CSV with a header (phone, operatorCode, tag, timeZone, optedOut, attributes as a JSON object; other columns are
attributes), or NDJSON with one client on each line; as the body, or as the one file of a form. Usual other names of columns are
known (mobile, tel, tz, opt_out, unsubscribed), and \`column\` names any other. Separators are commas, semicolons, tabs or bars; lines
end with LF, CRLF or CR. UTF-8, UTF-16 and windows-1251 are recognised among others; \`charset\` names the encoding. Phones may have
blanks, brackets and dashes. Clients are recognised by their phone numbers. A column that is left out changes nothing; an
empty field clears the tag or the attribute, derives the operator code from the number, and does not change the time zone and
optedOut. Lines with errors are listed in the answer; the other lines are stored. What was stored before a problem stays, and
sending the file again is safe. A file without any line of a client is refused.`

export interface ImportReadsOptions {
  readonly database: Database
  /** Bytes at which a page ends early. */
  readonly pageBytes: number
  readonly runQuery: RunQuery
}

export function addImportReads(
  http: HttpServer,
  { database, pageBytes, runQuery }: ImportReadsOptions,
): void {
  http.get(
    IMPORTS_URL,
    {
      config: { access: 'clients:read' },
      schema: {
        tags,
        summary: 'List imports with their progress, newest first',
        querystring: PageQuery,
        response: { 200: PageSchema(ClientImportSchema), default: ProblemSchema },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const beforeId = parseIdCursor('imports', cursor)
      const found = await runQuery(() => listImports(database, { items: limit, bytes: pageBytes }, beforeId))
      return toSizedIdPage('imports', found, presentImport)
    },
  )
  http.get(
    `${IMPORTS_URL}/:id`,
    {
      config: { access: 'clients:read' },
      schema: {
        tags,
        summary: 'Read an import, with a page of its errors',
        params: IdParameters,
        querystring: PageQuery,
        response: { 200: ImportWithErrorsSchema, default: ProblemSchema },
      },
    },
    async ({ params: { id }, query: { limit, cursor } }) => {
      const afterNumber = parseIdCursor('importErrors', cursor)
      const found = await runQuery(() => findImport(database, id))
      if (!found) throw new AppError('not_found', `There is no import with the id ${id}`, { field: 'id' })
      const limits = { items: limit, bytes: pageBytes }
      const errors = await runQuery(() => listImportErrors(database, id, limits, afterNumber))
      const toCursor = ({ number }: NumberedImportError) => encodeIdCursor('importErrors', number)
      return { ...presentImport(found), errors: toSizedPage(errors, (error) => error, toCursor) }
    },
  )
}

function presentImport(found: StoredImport): ClientImport {
  return {
    ...found,
    startedAt: found.startedAt.toISOString(),
    finishedAt: found.finishedAt?.toISOString() ?? null,
  }
}
