import { AppError } from '@runnel/contracts'
import {
  encodeIdCursor,
  IdParameters,
  pageSchema,
  parseIdCursor,
  ProblemSchema,
  toIdPage,
  toPage,
  type HttpServer,
} from '@runnel/http'
import {
  findImport,
  listImportErrors,
  listImports,
  type Database,
  type NumberedImportError,
  type StoredImport,
} from '@runnel/repositories'
import { Type } from 'typebox'
import { actorOf } from '../../requests/actor-of.ts'
import type { Ask } from '../../requests/create-run-query.ts'
import { pageParameters } from '../../requests/page-parameters.ts'
import {
  ImportQuerySchema,
  ImportReportSchema,
  ImportWithErrorsSchema,
  StoredImportSchema,
} from './import-schemas.ts'
import { createPostImport, type PostImportOptions } from './post-import.ts'

export const IMPORT_URL = '/api/v1/clients/import'

const IMPORTS_URL = '/api/v1/clients/imports'

const tags = ['clients']

const PageQuery = Type.Object(pageParameters, { additionalProperties: false })

/** In a scope of its own: here a body is a stream that the route itself reads. */
export function addImportRoute(http: HttpServer, options: PostImportOptions): void {
  const post = createPostImport(options)
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('*', (_request, body, done) => done(null, body))
  http.post(
    IMPORT_URL,
    {
      schema: {
        tags,
        summary: 'Create and change clients from a file',
        description: DESCRIPTION,
        consumes: ['text/csv', 'application/x-ndjson'],
        querystring: ImportQuerySchema,
        response: { 200: ImportReportSchema, default: ProblemSchema },
      },
    },
    (request) => post({ raw: request.raw, timeZone: request.query.timeZone, actor: actorOf(request) }),
  )
}

const DESCRIPTION = `CSV with a header (phone, operatorCode, tag, timeZone, optedOut; other columns are attributes), or a client a line
as NDJSON. Clients are recognised by their phones. A column that is left out changes nothing; an empty one clears the tag or the
attribute, derives the operator code from the number, and says nothing about time zone and optedOut. Wrong lines are named and cost
nothing but themselves. What was stored before a problem stays, and sending the file again is safe.`

export function addImportReads(http: HttpServer, database: Database, ask: Ask): void {
  http.get(
    IMPORTS_URL,
    {
      schema: {
        tags,
        summary: 'Imports with their progress, the newest first',
        querystring: PageQuery,
        response: { 200: pageSchema(StoredImportSchema), default: ProblemSchema },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const beforeId = parseIdCursor('imports', cursor)
      const found = await ask(() => listImports(database, limit + 1, beforeId))
      return toIdPage('imports', found, limit, presentImport)
    },
  )
  http.get(
    `${IMPORTS_URL}/:id`,
    {
      schema: {
        tags,
        summary: 'One import, with a page of the lines that were refused',
        params: IdParameters,
        querystring: PageQuery,
        response: { 200: ImportWithErrorsSchema, default: ProblemSchema },
      },
    },
    async ({ params: { id }, query: { limit, cursor } }) => {
      const afterNumber = parseIdCursor('importErrors', cursor)
      const found = await ask(() => findImport(database, id))
      if (!found) throw new AppError('not_found', `There is no import ${id}`, { field: 'id' })
      const errors = await ask(() => listImportErrors(database, id, limit + 1, afterNumber))
      const toCursor = ({ number }: NumberedImportError) => encodeIdCursor('importErrors', number)
      return { ...presentImport(found), errors: toPage(errors, limit, (error) => error, toCursor) }
    },
  )
}

function presentImport(found: StoredImport) {
  return {
    ...found,
    startedAt: found.startedAt.toISOString(),
    finishedAt: found.finishedAt?.toISOString() ?? null,
  }
}
