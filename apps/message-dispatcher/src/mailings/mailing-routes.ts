import {
  AppError,
  MAILING_STATUSES,
  MailingEditSchema,
  MailingInputSchema,
  type MailingStatus,
} from '@runnel/contracts'
import { MailingSchema, MailingWithWarningsSchema } from '@runnel/contracts/api/mailing'
import { PageSchema } from '@runnel/contracts/api/page'
import {
  IdParameters,
  parseIdCursor,
  ProblemSchema,
  requireScope,
  toSizedIdPage,
  type HttpServer,
} from '@runnel/http'
import {
  createMailing,
  deleteMailing,
  editMailing,
  findMailing,
  listMailings,
  type StoredMailing,
} from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { pageParameters } from '../requests/page-parameters.ts'
import { timeParameterMs, TimeParameter } from '../requests/time-parameter.ts'
import { windowOf } from '../windows/window-of.ts'
import { Keyed } from './keyed.ts'
import { presentMailing, presentWithWarnings } from './present-mailing.ts'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { parseEdit, parseMailing } from './parse-mailing.ts'
import { requireChannel } from './require-channel.ts'
import { requireFastText } from './require-fast-text.ts'

const tags = ['mailings']

const MAX_SEARCH_CHARACTERS = 200

/** What another person approved is not changed while it is sent, nor once it has ended. @throws AppError conflict */
function requireNotApproved({ status, approval, startedAtMs }: StoredMailing): void {
  const wasSent = status === 'running' || (status === 'expired' && startedAtMs !== null)
  if (!approval?.needed || !wasSent) return
  const instead = status === 'running' ? 'pause it, edit it, and have it approved again' : 'copy it'
  throw new AppError('conflict', `Another person has approved this mailing as it is: ${instead}`, {
    field: 'status',
    extra: { mailingStatus: status },
  })
}

/** Creates, reads, edits and deletes mailings. */
export function addMailingCrudRoutes(http: HttpServer, context: MailingRouteContext): void {
  addCreation(http, context)
  addReads(http, context)
  addChanges(http, context)
}

function addCreation(http: HttpServer, context: MailingRouteContext): void {
  const { runQuery, authorOf, done, database, warnings, channels } = context
  http.post(
    '/api/v1/mailings',
    {
      config: { access: 'mailings:write' },
      schema: {
        tags,
        summary: 'Create a mailing; it starts at its start time unless it is a draft',
        description: 'What is no draft needs the scope `mailings:send` as well.',
        headers: Keyed,
        body: MailingInputSchema,
        response: { 201: MailingWithWarningsSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      // What is no draft starts by itself.
      if (!request.body.draft) requireScope(request, 'mailings:send')
      const act = await authorOf(request)
      const draft = parseMailing(request.body, act.nowMs)
      requireChannel(draft.channel ?? 'gateway', channels)
      await requireFastText(context, runQuery, { ...draft, filter: draft })
      const requestKey = request.headers['idempotency-key']
      const options = { ...act, draft: request.body.draft ?? false, requestKey }
      const result = await runQuery(() => createMailing(database, draft, options))
      done(result, act, 'create')
      if (!result.changed) void reply.header('idempotent-replayed', 'true')
      return reply
        .code(201)
        .header('location', `/api/v1/mailings/${result.mailing.id}`)
        .send(await presentWithWarnings(result.mailing, warnings, act.nowMs))
    },
  )
}

function addReads(http: HttpServer, { runQuery, database, pageBytes }: MailingRouteContext): void {
  http.get(
    '/api/v1/mailings',
    {
      config: { access: 'mailings:read' },
      schema: {
        tags,
        summary: 'List mailings, newest first',
        querystring: Type.Object(
          {
            status: Type.Optional(
              Type.Unsafe<MailingStatus>({ type: 'string', enum: [...MAILING_STATUSES] }),
            ),
            q: Type.Optional(
              Type.String({ maxLength: MAX_SEARCH_CHARACTERS, description: 'Part of the name, in any case' }),
            ),
            testOf: Type.Optional(IdParameters.properties.id),
            activeFrom: TimeParameter('Only mailings that had not finished before this time'),
            activeTo: TimeParameter('Only mailings that had started before this time'),
            ...pageParameters,
          },
          { additionalProperties: false },
        ),
        response: { 200: PageSchema(MailingSchema), default: ProblemSchema },
      },
    },
    async ({ query: { status, q, testOf, activeFrom, activeTo, limit, cursor } }) => {
      const beforeId = parseIdCursor('mailings', cursor)
      const limits = { items: limit, bytes: pageBytes }
      const active = { activeFromMs: timeParameterMs(activeFrom), activeToMs: timeParameterMs(activeTo) }
      const filter = { status, name: q || undefined, testOf, ...active }
      const page = await runQuery(() => listMailings(database, { limits, ...filter, beforeId }))
      return toSizedIdPage('mailings', page, presentMailing)
    },
  )
  http.get(
    '/api/v1/mailings/:id',
    {
      config: { access: 'mailings:read' },
      schema: {
        tags,
        summary: 'Read a mailing',
        params: IdParameters,
        response: { 200: MailingSchema, default: ProblemSchema },
      },
    },
    async ({ params }) => presentMailing(await runQuery(() => findMailing(database, params.id))),
  )
}

function addChanges(http: HttpServer, context: MailingRouteContext): void {
  const { runQuery, actOf, authorOf, done, database, warnings, channels } = context
  http.patch(
    '/api/v1/mailings/:id',
    {
      config: { access: 'mailings:write' },
      schema: {
        tags,
        summary: 'Edit a mailing',
        description:
          'A merge patch (RFC 7396): what is left out stays as it is, also within `filter` and `window`; null removes. Once it has started, `start`, `channel` and `filter` cannot change; other changes apply to messages that are not sent yet. What is no draft needs the scope `mailings:send` as well.',
        params: IdParameters,
        body: MailingEditSchema,
        response: { 200: MailingWithWarningsSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const act = await authorOf(request)
      const edit = parseEdit(request.body)
      const { text, subject, channel } = request.body
      if (channel !== undefined) requireChannel(channel, channels)
      if (text !== undefined || (subject !== undefined && subject !== null)) {
        const filter = await runQuery(() => findMailing(database, request.params.id))
        await requireFastText(context, runQuery, { text, subject, filter })
      }
      // Of what may be under way, an edit changes what is sent.
      const requireAllowed = (mailing: StoredMailing) => {
        if (mailing.status !== 'draft') requireScope(request, 'mailings:send')
        requireNotApproved(mailing)
      }
      const options = { ...act, version: request.body.version, computeZone: windowOf, requireAllowed }
      const result = await runQuery(() => editMailing(database, request.params.id, edit, options))
      done(result, act, 'edit')
      return presentWithWarnings(result.mailing, warnings, act.nowMs)
    },
  )
  http.delete(
    '/api/v1/mailings/:id',
    {
      config: { access: 'mailings:write' },
      schema: {
        tags,
        summary: 'Delete a mailing; one that has not ended is cancelled first, and its messages are kept',
        params: IdParameters,
        response: { 204: Type.Null(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const act = actOf(request)
      done(await runQuery(() => deleteMailing(database, request.params.id, act)), act, 'delete')
      return reply.code(204).send(null)
    },
  )
}
