import { AppError, SuppressionInputSchema } from '@runnel/contracts'
import { PageSchema } from '@runnel/contracts/api/page'
import { SuppressionSchema, type Suppression } from '@runnel/contracts/api/suppression'
import {
  actorOf,
  encodeIdCursor,
  parseIdCursor,
  ProblemSchema,
  toSizedPage,
  type HttpServer,
} from '@runnel/http'
import type { Database, RunQuery } from '@runnel/repositories-database'
import {
  addSuppression,
  findSuppression,
  listSuppressions,
  removeSuppression,
  type StoredSuppression,
} from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { pageParameters } from '../../requests/page-parameters.ts'
import { parsePhone } from '../parse-phone.ts'
import { toSuppression } from './read-suppression.ts'

export const SUPPRESSIONS_URL = '/api/v1/suppressions'

export const suppressionTags = ['suppression list']

const PhoneParameters = Type.Object({
  phone: Type.String({ maxLength: 64, description: 'Phone in international form' }),
})

const ListQuery = Type.Object(
  {
    ...pageParameters,
    phone: Type.Optional(Type.String({ maxLength: 64, description: 'Only this phone' })),
  },
  { additionalProperties: false },
)

interface SuppressionRoutesOptions {
  readonly database: Database
  readonly runQuery: RunQuery
}

/** The suppression list: phones that get no messages, whatever becomes of their clients. */
export function addSuppressionRoutes(http: HttpServer, options: SuppressionRoutesOptions): void {
  addReads(http, options)
  const { database, runQuery } = options
  http.post(
    SUPPRESSIONS_URL,
    {
      config: { access: 'clients:write' },
      schema: {
        tags: suppressionTags,
        summary: 'Put a phone on the suppression list; one that is there stays as it is',
        body: SuppressionInputSchema,
        response: { 200: SuppressionSchema, 201: SuppressionSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const origin = { source: 'api', actor: actorOf(request) } as const
      const wanted = toSuppression(request.body)
      const { stored, created } = await runQuery(() => addSuppression(database, wanted, origin))
      return reply.code(created ? 201 : 200).send(present(stored))
    },
  )
  http.delete(
    `${SUPPRESSIONS_URL}/:phone`,
    {
      config: { access: 'clients:write' },
      schema: {
        tags: suppressionTags,
        summary: 'Take a phone off the suppression list: its client gets messages again',
        params: PhoneParameters,
        response: { 204: Type.Null(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { number } = parsePhone(request.params.phone, { field: 'phone' })
      if (!(await runQuery(() => removeSuppression(database, number, actorOf(request)))))
        throw notListed(number)
      return reply.code(204).send(null)
    },
  )
}

function addReads(http: HttpServer, { database, runQuery }: SuppressionRoutesOptions): void {
  http.get(
    SUPPRESSIONS_URL,
    {
      config: { access: 'clients:read' },
      schema: {
        tags: suppressionTags,
        summary: 'List the phones of the suppression list in their order',
        querystring: ListQuery,
        response: { 200: PageSchema(SuppressionSchema), default: ProblemSchema },
      },
    },
    async ({ query: { limit, cursor, phone } }) => {
      if (phone !== undefined) {
        const { number } = parsePhone(phone, { field: 'phone' })
        const found = await runQuery(() => findSuppression(database, number))
        return { items: found ? [present(found)] : [], nextCursor: null }
      }
      const after = parseIdCursor('suppressions', cursor)
      const items = await runQuery(() => listSuppressions(database, limit + 1, after))
      const page = { items: items.slice(0, limit), more: items.length > limit }
      return toSizedPage(page, present, (last) => encodeIdCursor('suppressions', last.phone))
    },
  )
  http.get(
    `${SUPPRESSIONS_URL}/:phone`,
    {
      config: { access: 'clients:read' },
      schema: {
        tags: suppressionTags,
        summary: 'Read an entry of the suppression list',
        params: PhoneParameters,
        response: { 200: SuppressionSchema, default: ProblemSchema },
      },
    },
    async ({ params }) => {
      const { number } = parsePhone(params.phone, { field: 'phone' })
      const found = await runQuery(() => findSuppression(database, number))
      if (!found) throw notListed(number)
      return present(found)
    },
  )
}

function notListed(phone: number): AppError {
  return new AppError('not_found', `The phone ${phone} is not on the suppression list`, { field: 'phone' })
}

function present({ phone, optedOutAt, addedAt, ...entry }: StoredSuppression): Suppression {
  return {
    ...entry,
    phone: String(phone),
    optedOutAt: optedOutAt.toISOString(),
    addedAt: addedAt.toISOString(),
  }
}
