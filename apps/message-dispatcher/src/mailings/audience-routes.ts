import { MailingPreviewSchema } from '@runnel/contracts'
import { AudienceSchema, type Audience } from '@runnel/contracts/api/audience'
import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import { IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import { createRunQuery } from '@runnel/repositories-database'
import {
  type Audience as StoredAudience,
  type AudienceClient,
  findMailing,
  readAudience,
  readRecipients,
} from '@runnel/repositories-mailings'
import { compileTemplate, type Template } from '../template/compile-template.ts'
import { TemplateError } from '../template/template-error.ts'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { parseFilter, parseTimes } from './parse-mailing.ts'
import { findWarnings, type Examined } from './warnings/find-warnings.ts'

/** Counting reads every client of an audience: more at once would take the connections that sending needs. */
const MAX_COUNTS = 2

const response = { 200: AudienceSchema, default: ProblemSchema }

/** The audience of a mailing and the texts that it would receive, before anything is sent. */
export function addAudienceRoutes(http: HttpServer, context: MailingRouteContext): void {
  const { runQuery, database, clock, warnings } = context
  const count = createRunQuery(MAX_COUNTS)
  const schema = { tags: ['mailings'], response }
  http.get(
    '/api/v1/mailings/:id/audience',
    {
      config: { access: ['mailings:read', 'clients:read'] },
      schema: {
        ...schema,
        summary: 'Read the audience of a mailing: count and sample',
        params: IdParameters,
      },
    },
    async ({ params }) => {
      const mailing = await runQuery(() => findMailing(database, params.id))
      const template = compileTemplate(mailing.text)
      const started = mailing.startedAtMs !== null
      const audience = await count(() =>
        started ? readRecipients(database, mailing.id) : readAudience(database, mailing),
      )
      const isOver = mailing.finishedAtMs !== null
      const timetable = isOver ? undefined : warnings.timetableOf(mailing, clock.nowMs())
      const found = isOver ? [] : warningsAbout(audience, { timetable, template, text: mailing.text })
      return present(audience, template, found)
    },
  )
  http.post(
    '/api/v1/mailings/preview',
    {
      config: { access: ['mailings:read', 'clients:read'] },
      schema: {
        ...schema,
        summary: 'Read the audience of a mailing that does not exist yet: count and sample',
        body: MailingPreviewSchema,
      },
    },
    async ({ body }) => {
      const template = compileTemplate(body.text)
      const nowMs = clock.nowMs()
      const times = parseTimes(body, nowMs)
      const audience = await count(() => readAudience(database, parseFilter(body.filter)))
      const timetable = times && warnings.timetableOf(times, nowMs)
      return present(audience, template, warningsAbout(audience, { timetable, template, text: body.text }))
    },
  )
}

function warningsAbout(
  { timeZones, sample }: StoredAudience,
  examined: Pick<Examined, 'timetable' | 'template' | 'text'>,
): MailingWarning[] {
  return findWarnings({ ...examined, sample, timeZones: timeZones.map(({ name }) => name) })
}

function present(
  { count, timeZones, operators, sample }: StoredAudience,
  template: Template,
  warnings: MailingWarning[],
): Audience {
  return {
    count,
    timeZones: [...timeZones],
    operators: [...operators],
    sample: sample.map((client) => ({
      clientId: client.id,
      phone: String(client.phone),
      operatorCode: client.operatorCode,
      tag: client.tag,
      timeZone: client.timeZone,
      ...preview(client, template),
    })),
    warnings,
  }
}

function preview(client: AudienceClient, template: Template) {
  try {
    return { text: template.render(client), problem: null }
  } catch (error) {
    if (error instanceof TemplateError) return { text: null, problem: error.reason }
    throw error
  }
}
