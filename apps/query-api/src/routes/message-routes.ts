import { MESSAGE_STATUSES, PHONE } from '@runnel/contracts'
import {
  ListedMessageSchema,
  MessageWithAttemptsSchema,
  type ListedMessage,
} from '@runnel/contracts/api/message'
import { PageSchema, type Page } from '@runnel/contracts/api/page'
import {
  CursorParameter,
  limitParameter,
  parseIdCursor,
  ProblemSchema,
  toSizedIdPage,
  type HttpServer,
} from '@runnel/http'
import { Type } from 'typebox'
import { sendFound } from '../send-entry.ts'
import { toListedMessageJson } from '../encode-message.ts'
import type { QueryLimits } from '../limits.ts'
import type { MailingViews } from '../mailing-views.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { requireId } from '../params/parse-id.ts'
import { Text } from '../params/schemas.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'

const DEFAULT_LIMIT = 100

/** Messages of mailings, the newest first, and one with its attempts. Those of deleted mailings stay readable. */
export function addMessageRoutes(
  app: HttpServer,
  views: MailingViews,
  store: Store,
  limits: QueryLimits,
): void {
  addList(app, store, limits)
  app.get(
    '/api/v1/messages/:id',
    {
      config: { access: ['mailings:read', 'clients:read'] },
      preValidation: checkParameters,
      schema: {
        tags: ['mailings'],
        summary: 'One message with its last attempts: what was sent, and to which phone or address',
        params: Type.Object({ id: Type.String({ description: 'A whole number from 1 to 2^53 - 1' }) }),
        response: { 200: MessageWithAttemptsSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const id = requireId(request.params.id)
      return sendFound(reply, await views.message(id), `message ${id}`)
    },
  )
}

function addList(app: HttpServer, store: Store, { pageItems, pageBytes }: QueryLimits): void {
  app.get(
    '/api/v1/messages',
    {
      config: { access: ['mailings:read', 'clients:read'] },
      preValidation: checkParameters,
      schema: {
        tags: ['mailings'],
        summary: 'A page of messages, the newest first',
        description:
          'There is no index of statuses: a rare one is searched for in all messages of the mailing, or of all mailings.',
        querystring: Type.Object({
          mailing: Type.Optional(Text('Id of their mailing', 20)),
          client: Type.Optional(Text('Id of their client', 20)),
          phone: Type.Optional(
            Type.String({
              pattern: PHONE.source,
              description: 'The phone that an attempt went to, whoever has it by now',
            }),
          ),
          address: Type.Optional(
            Text('The e-mail address or webhook that an attempt went to, as it was written', 2048),
          ),
          status: Type.Optional(Type.Union(MESSAGE_STATUSES.map((status) => Type.Literal(status)))),
          limit: limitParameter(DEFAULT_LIMIT, pageItems),
          cursor: Type.Optional(CursorParameter),
        }),
        response: { 200: PageSchema(ListedMessageSchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { mailing, client, phone, address, status, limit, cursor } = request.query
      const filter = {
        mailingId: mailing === undefined ? undefined : requireId(mailing, 'mailing'),
        clientId: client === undefined ? undefined : requireId(client, 'client'),
        status,
        address,
        phone: phone === undefined ? undefined : Number(phone.replace('+', '')),
      }
      const beforeId = parseIdCursor('messages', cursor)
      const limits = { items: limit, bytes: pageBytes }
      const found = await store.listMessages(filter, { limits, beforeId })
      const page: Page<ListedMessage> = toSizedIdPage('messages', found, toListedMessageJson)
      return sendJson(reply, JSON.stringify(page))
    },
  )
}
