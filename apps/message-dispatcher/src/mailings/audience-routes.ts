import { MailingPreviewSchema } from '@runnel/contracts'
import { AudienceSchema, type Audience } from '@runnel/contracts/api/audience'
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
import { parseFilter } from './parse-mailing.ts'

/** Counting reads every client of an audience: more at once would take the connections that sending needs. */
const MAX_COUNTS = 2

const response = { 200: AudienceSchema, default: ProblemSchema }

/** The audience of a mailing and the texts that it would receive, before anything is sent. */
export function addAudienceRoutes(http: HttpServer, { runQuery, database }: MailingRouteContext): void {
  const count = createRunQuery(MAX_COUNTS)
  const schema = { tags: ['mailings'], response }
  http.get(
    '/api/v1/mailings/:id/audience',
    {
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
      return present(
        await count(() => (started ? readRecipients(database, mailing.id) : readAudience(database, mailing))),
        template,
      )
    },
  )
  http.post(
    '/api/v1/mailings/preview',
    {
      schema: {
        ...schema,
        summary: 'Read the audience of a mailing that does not exist yet: count and sample',
        body: MailingPreviewSchema,
      },
    },
    async ({ body }) => {
      const template = compileTemplate(body.text)
      return present(await count(() => readAudience(database, parseFilter(body.filter))), template)
    },
  )
}

function present({ count, timeZones, operators, sample }: StoredAudience, template: Template): Audience {
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
