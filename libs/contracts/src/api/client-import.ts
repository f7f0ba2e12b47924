import { Type, type Static } from 'typebox'
import { Nullable, NullableText } from './nullable.ts'
import { PageSchema } from './page.ts'

const counts = {
  rows: Type.Integer({ description: 'Lines read so far: the sum of the other counts' }),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  rejected: Type.Integer({ description: 'Lines with errors; the other lines are stored' }),
}

const ImportErrorSchema = Type.Object({
  line: Type.Integer({
    description: 'Number of the line, from 1; of a record of several lines, of its first line',
  }),
  field: NullableText,
  code: Type.String(),
  message: Type.String(),
})

export type ImportError = Static<typeof ImportErrorSchema>

const Status = Type.String({ description: 'running, completed or aborted' })

/** POST /api/v1/clients/import */
export const ImportReportSchema = Type.Object({
  id: Type.Integer(),
  status: Status,
  ...counts,
  charset: Type.Union([Type.String(), Type.Null()], {
    description: 'Encoding as which the file was read; null where it is of ASCII alone',
  }),
  columns: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String({ description: 'As the header writes it' }),
        member: Type.String({ description: 'E.g. phone, attributes.city; ignored where it is not read' }),
      }),
      { description: 'As what the columns of a CSV were read' },
    ),
  ),
  errors: Type.Array(ImportErrorSchema, {
    description: 'The first 100 errors; GET /api/v1/clients/imports/{id} lists up to 1000',
  }),
})

export type ImportReport = Static<typeof ImportReportSchema>

const stored = {
  id: Type.Integer(),
  status: Status,
  format: Type.String({ description: 'csv or ndjson' }),
  name: Nullable(Type.String({ description: 'Of the file, as its sender calls it' })),
  actor: Type.String({ description: 'User who sent the file' }),
  ...counts,
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Code of the error that aborted it' }),
  message: Nullable(Type.String({ description: 'The same in words' })),
  startedAt: Type.String(),
  finishedAt: NullableText,
}

/** An import of clients in a list. */
export const ClientImportSchema = Type.Object(stored)

export type ClientImport = Static<typeof ClientImportSchema>

/** GET /api/v1/clients/imports/:id */
export const ImportWithErrorsSchema = Type.Object({ ...stored, errors: PageSchema(ImportErrorSchema) })

export type ImportWithErrors = Static<typeof ImportWithErrorsSchema>
