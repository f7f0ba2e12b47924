import { MailingPreviewSchema } from '@runnel/contracts'
import { IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import {
  findMailing,
  readAudience,
  readRecipients,
  type Audience,
  type AudienceClient,
} from '@runnel/repositories'
import { Type } from 'typebox'
import { createAsk } from '../requests/create-run-query.ts'
import { compileTemplate, type Template } from '../template/compile-template.ts'
import { TemplateError } from '../template/template-error.ts'
import type { MailingRoom } from './mailing-route-context.ts'
import { parseFilter } from './parse-mailing.ts'

/** Counts read every client of an audience: more at once would keep the connections from those who send. */
const MAX_COUNTS = 2

const Groups = Type.Array(Type.Object({ name: Type.String(), count: Type.Integer() }), {
  description: 'The largest ones, at most 20',
})

const NullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

const AudienceSchema = Type.Object({
  count: Type.Integer({ description: 'Clients; once the mailing has started: its messages' }),
  timeZones: Groups,
  operators: Groups,
  sample: Type.Array(
    Type.Object({
      clientId: Type.Integer(),
      phone: Type.String(),
      operatorCode: Type.String(),
      tag: Type.String(),
      timeZone: Type.String(),
      text: NullableText('What the client would get'),
      problem: NullableText('Why there is no text: the reason with which the message would fail'),
    }),
  ),
})

const response = { 200: AudienceSchema, default: ProblemSchema }

/** Whom a mailing reaches and what they read, before anything is sent. */
export function addAudienceRoutes(http: HttpServer, { ask, database }: MailingRoom): void {
  const count = createAsk(MAX_COUNTS)
  const schema = { tags: ['mailings'], response }
  http.get(
    '/api/v1/mailings/:id/audience',
    { schema: { ...schema, summary: 'Whom a mailing reaches: count and sample', params: IdParameters } },
    async ({ params }) => {
      const mailing = await ask(() => findMailing(database, params.id))
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
        summary: 'The same for a mailing that is not made yet',
        body: MailingPreviewSchema,
      },
    },
    async ({ body }) => {
      const template = compileTemplate(body.text)
      return present(await count(() => readAudience(database, parseFilter(body.filter))), template)
    },
  )
}

function present({ count, timeZones, operators, sample }: Audience, template: Template) {
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
