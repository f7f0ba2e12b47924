import { Type } from 'typebox'
import { pageSchema } from '@runnel/http'

const counts = {
  rows: Type.Integer({ description: 'Lines read so far: the sum of the other counts' }),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  rejected: Type.Integer({ description: 'Lines with errors; the other lines are stored' }),
}

export const ImportErrorSchema = Type.Object({
  line: Type.Integer({
    description: 'Number of the line, from 1; of a record of several lines, of its first line',
  }),
  field: Type.Union([Type.String(), Type.Null()]),
  code: Type.String(),
  message: Type.String(),
})

const Status = Type.String({ description: 'running, completed or aborted' })

export const ImportReportSchema = Type.Object({
  id: Type.Integer(),
  status: Status,
  ...counts,
  errors: Type.Array(ImportErrorSchema, {
    description: 'The first 100 errors; GET /api/v1/clients/imports/{id} lists up to 1000',
  }),
})

const stored = {
  id: Type.Integer(),
  status: Status,
  format: Type.String({ description: 'csv or ndjson' }),
  actor: Type.String({ description: 'User who sent the file' }),
  ...counts,
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Code of the error that aborted it' }),
  startedAt: Type.String(),
  finishedAt: Type.Union([Type.String(), Type.Null()]),
}

export const StoredImportSchema = Type.Object(stored)

export const ImportWithErrorsSchema = Type.Object({ ...stored, errors: pageSchema(ImportErrorSchema) })

export const ImportQuerySchema = Type.Object(
  {
    timeZone: Type.Optional(
      Type.String({ maxLength: 100, description: 'IANA time zone for new clients whose line has none' }),
    ),
  },
  { additionalProperties: false },
)
