import {
  MAILING_STATUSES,
  MailingEditSchema,
  MailingInputSchema,
  MailingSchema,
  MAX_KEY_BYTES,
  type MailingStatus,
} from '@runnel/contracts'
import {
  IdParameters,
  pageSchema,
  parseIdCursor,
  ProblemSchema,
  toIdPage,
  type HttpServer,
} from '@runnel/http'
import { createMailing, deleteMailing, editMailing, findMailing, listMailings } from '@runnel/repositories'
import { Type } from 'typebox'
import { pageParameters } from '../requests/page-parameters.ts'
import { windowOf } from '../windows/window-of.ts'
import { presentMailing } from './present-mailing.ts'
import type { MailingRoom } from './mailing-route-context.ts'
import { parseEdit, parseMailing } from './parse-mailing.ts'

const tags = ['mailings']

const Keyed = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxBytes: MAX_KEY_BYTES,
      description: 'The same key answers the first mailing again',
    }),
  ),
})

/** Mailings are made, read, edited and deleted. */
export function addMailingCrudRoutes(http: HttpServer, room: MailingRoom): void {
  addCreation(http, room)
  addReads(http, room)
  addChanges(http, room)
}

function addCreation(http: HttpServer, { ask, actOf, done, database }: MailingRoom): void {
  http.post(
    '/api/v1/mailings',
    {
      schema: {
        tags,
        summary: 'Make a mailing; it starts by itself unless it is a draft',
        headers: Keyed,
        body: MailingInputSchema,
        response: { 201: MailingSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const act = actOf(request)
      const draft = parseMailing(request.body, act.nowMs)
      const requestKey = request.headers['idempotency-key']
      const options = { ...act, draft: request.body.draft ?? false, requestKey }
      const result = await ask(() => createMailing(database, draft, options))
      done(result, act, 'create')
      if (!result.changed) void reply.header('idempotent-replayed', 'true')
      return reply
        .code(201)
        .header('location', `/api/v1/mailings/${result.mailing.id}`)
        .send(presentMailing(result.mailing))
    },
  )
}

function addReads(http: HttpServer, { ask, database }: MailingRoom): void {
  http.get(
    '/api/v1/mailings',
    {
      schema: {
        tags,
        summary: 'Mailings, the newest first',
        querystring: Type.Object(
          {
            status: Type.Optional(
              Type.Unsafe<MailingStatus>({ type: 'string', enum: [...MAILING_STATUSES] }),
            ),
            ...pageParameters,
          },
          { additionalProperties: false },
        ),
        response: { 200: pageSchema(MailingSchema), default: ProblemSchema },
      },
    },
    async ({ query: { status, limit, cursor } }) => {
      const beforeId = parseIdCursor('mailings', cursor)
      const found = await ask(() => listMailings(database, { limit: limit + 1, status, beforeId }))
      return toIdPage('mailings', found, limit, presentMailing)
    },
  )
  http.get(
    '/api/v1/mailings/:id',
    {
      schema: {
        tags,
        summary: 'One mailing',
        params: IdParameters,
        response: { 200: MailingSchema, default: ProblemSchema },
      },
    },
    async ({ params }) => presentMailing(await ask(() => findMailing(database, params.id))),
  )
}

function addChanges(http: HttpServer, { ask, actOf, done, database }: MailingRoom): void {
  http.patch(
    '/api/v1/mailings/:id',
    {
      schema: {
        tags,
        summary: 'Edit a mailing',
        description:
          'Once it has started, `start` and `filter` stay as they are; everything else holds for messages that are not sent yet.',
        params: IdParameters,
        body: MailingEditSchema,
        response: { 200: MailingSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const act = actOf(request)
      const patch = parseEdit(request.body)
      const options = { ...act, version: request.body.version, computeZone: windowOf }
      const result = await ask(() => editMailing(database, request.params.id, patch, options))
      done(result, act, 'edit')
      return presentMailing(result.mailing)
    },
  )
  http.delete(
    '/api/v1/mailings/:id',
    {
      schema: {
        tags,
        summary: 'Delete a mailing, after cancelling one that has not ended; its messages stay',
        params: IdParameters,
        response: { 204: Type.Null(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const act = actOf(request)
      done(await ask(() => deleteMailing(database, request.params.id, act)), act, 'delete')
      return reply.code(204).send(null)
    },
  )
}
