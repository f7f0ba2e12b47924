import { MailingPreviewSchema, type ChannelName } from '@runnel/contracts'
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
import { compileSubject } from '../template/compile-subject.ts'
import { compileTemplate, type Template } from '../template/compile-template.ts'
import { TemplateError } from '../template/template-error.ts'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { parseChannel } from './parse-channel.ts'
import { parseFilter, parseTimes } from './parse-mailing.ts'
import { createUnsubscribeLinks } from '../unsubscribe/unsubscribe-links.ts'
import { findWarnings, withLink, type Examined } from './warnings/find-warnings.ts'

/** Counting reads every client of an audience: more at once would take the connections that sending needs. */
const MAX_COUNTS = 2

const response = { 200: AudienceSchema, default: ProblemSchema }

/** The audience of a mailing and the texts that it would receive, before anything is sent. */
export function addAudienceRoutes(http: HttpServer, context: MailingRouteContext): void {
  const { runQuery, database, clock, warnings, channels } = context
  const links = createUnsubscribeLinks(context.sending.unsubscribe)
  const withLinks = (channel: ChannelName, audience: StoredAudience): StoredAudience => ({
    ...audience,
    sample: withLink(channel, links, audience.sample),
  })
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
      const texts = compile(mailing)
      const started = mailing.startedAtMs !== null
      const audience = await count(() =>
        started ? readRecipients(database, mailing) : readAudience(database, mailing),
      )
      const isOver = mailing.finishedAtMs !== null
      const timetable = isOver ? undefined : warnings.timetableOf(mailing, clock.nowMs())
      const found = isOver
        ? []
        : warningsAbout(audience, { timetable, links, channels, ...texts, ...mailing })
      return present(withLinks(mailing.channel, audience), texts, found)
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
      const { channel, subject } = parseChannel({ channel: 'gateway', subject: null, ...body })
      const texts = compile({ text: body.text, subject })
      const nowMs = clock.nowMs()
      const times = parseTimes(body, nowMs)
      const audience = await count(() => readAudience(database, { ...parseFilter(body.filter), channel }))
      const timetable = times && warnings.timetableOf({ ...times, channel }, nowMs)
      const examined = { timetable, links, channels, ...texts, text: body.text, channel }
      return present(withLinks(channel, audience), texts, warningsAbout(audience, examined))
    },
  )
}

/** What is rendered for each client. */
interface Texts {
  readonly template: Template
  readonly subjectTemplate: Template | undefined
}

function compile({ text, subject }: { readonly text: string; readonly subject: string | null }): Texts {
  return {
    template: compileTemplate(text),
    subjectTemplate: subject === null ? undefined : compileSubject(subject),
  }
}

function warningsAbout(
  { timeZones, withoutAddress, sample }: StoredAudience,
  {
    subjectTemplate,
    timetable,
    template,
    text,
    channel,
    channels,
    links,
  }: Pick<Examined, 'timetable' | 'text' | 'channel' | 'channels' | 'links'> & Texts,
): MailingWarning[] {
  return findWarnings({
    ...{ timetable, template, text, channel, channels, links, sample, subject: subjectTemplate },
    withoutAddress: withoutAddress ?? undefined,
    timeZones: timeZones.map(({ name }) => name),
  })
}

function present(
  { count, withoutAddress, timeZones, operators, sample }: StoredAudience,
  texts: Texts,
  warnings: MailingWarning[],
): Audience {
  return {
    count,
    withoutAddress,
    timeZones: [...timeZones],
    operators: [...operators],
    sample: sample.map((client) => ({
      clientId: client.id,
      phone: String(client.phone),
      address: client.address,
      operatorCode: client.operatorCode,
      tag: client.tag,
      timeZone: client.timeZone,
      ...preview(client, texts),
    })),
    warnings,
  }
}

function preview(client: AudienceClient, { template, subjectTemplate }: Texts) {
  try {
    const subject = subjectTemplate?.render(client) ?? null
    return { text: template.render(client), subject, problem: null }
  } catch (error) {
    if (error instanceof TemplateError) return { text: null, subject: null, problem: error.reason }
    throw error
  }
}
