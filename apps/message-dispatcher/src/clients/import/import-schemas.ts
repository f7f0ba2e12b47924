import { Type } from 'typebox'
import { pageSchema } from '@runnel/http'

const counts = {
  rows: Type.Integer({ description: 'Lines by now: the sum of the others' }),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  rejected: Type.Integer({ description: 'Lines that were refused; the others are stored' }),
}

export const ImportErrorSchema = Type.Object({
  line: Type.Integer({ description: 'From 1; of a record of several lines, the first one' }),
  field: Type.Union([Type.String(), Type.Null()]),
  code: Type.String(),
  message: Type.String(),
})

const Status = Type.String({ description: 'running, completed or aborted' })

export const ImportReportSchema = Type.Object({
  id: Type.Integer(),
  status: Status,
  ...counts,
  errors: Type.Array(ImportErrorSchema, { description: 'The first 100; the import itself shows 1000' }),
})

const stored = {
  id: Type.Integer(),
  status: Status,
  format: Type.String({ description: 'csv or ndjson' }),
  actor: Type.String({ description: 'Who sent it' }),
  ...counts,
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it was aborted: a code' }),
  startedAt: Type.String(),
  finishedAt: Type.Union([Type.String(), Type.Null()]),
}

export const StoredImportSchema = Type.Object(stored)

export const ImportWithErrorsSchema = Type.Object({ ...stored, errors: pageSchema(ImportErrorSchema) })

export const ImportQuerySchema = Type.Object(
  {
    timeZone: Type.Optional(
      Type.String({ maxLength: 100, description: 'IANA time zone of new clients whose line names none' }),
    ),
  },
  { additionalProperties: false },
)
