import { AUDIT_SUBJECTS, type AuditSubject } from '@runnel/contracts'
import { AuditEntrySchema } from '@runnel/contracts/api/audit'
import { PageSchema } from '@runnel/contracts/api/page'
import { parseIdCursor, ProblemSchema, toSizedIdPage, type HttpServer } from '@runnel/http'
import { createRunQuery } from '@runnel/repositories-database'
import { listAudit } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import type { Deps } from '../deps.ts'
import { pageParameters } from '../requests/page-parameters.ts'
import { timeParameterMs, TimeParameter } from '../requests/time-parameter.ts'

/** Reads of the audit log that may wait for the database at once. */
const MAX_QUERIES = 20

const AuditQuerySchema = Type.Object(
  {
    subject: Type.Optional(Type.Unsafe<AuditSubject>({ type: 'string', enum: [...AUDIT_SUBJECTS] })),
    subjectId: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Id of the mailing, the client, ...; of a suppression, the phone',
      }),
    ),
    actor: Type.Optional(Type.String({ maxLength: 200, description: 'Who did it' })),
    action: Type.Optional(Type.String({ maxLength: 40, description: 'E.g. create, edit, delete, cancel' })),
    from: TimeParameter('At this time or later'),
    to: TimeParameter('Before this time'),
    ...pageParameters,
  },
  { additionalProperties: false },
)

/** Who did what to mailings, clients and everything around them. */
export function addAuditRoute(http: HttpServer, { database, pageBytes }: Deps): void {
  const runQuery = createRunQuery(MAX_QUERIES)
  http.get(
    '/api/v1/audit',
    {
      config: { access: 'audit:read' },
      schema: {
        tags: ['audit'],
        summary: 'List what was done, by object, actor and time, newest first',
        querystring: AuditQuerySchema,
        response: { 200: PageSchema(AuditEntrySchema), default: ProblemSchema },
      },
    },
    async ({ query: { from, to, limit, cursor, ...filter } }) => {
      const beforeId = parseIdCursor('audit', cursor)
      const limits = { items: limit, bytes: pageBytes }
      const times = { fromMs: timeParameterMs(from), toMs: timeParameterMs(to) }
      const page = await runQuery(() => listAudit(database, { ...filter, ...times }, limits, beforeId))
      return toSizedIdPage('audit', page, ({ at, ...entry }) => ({ ...entry, at: at.toISOString() }))
    },
  )
}
