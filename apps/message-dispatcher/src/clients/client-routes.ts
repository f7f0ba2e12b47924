import { AppError, ClientInputSchema, ClientPatchSchema } from '@runnel/contracts'
import { ClientSchema, type Client } from '@runnel/contracts/api/client'
import { PageSchema } from '@runnel/contracts/api/page'
import {
  actorOf,
  IdParameters,
  parseIdCursor,
  ProblemSchema,
  toSizedIdPage,
  type HttpServer,
} from '@runnel/http'
import type { RunQuery } from '@runnel/repositories-database'
import {
  createClient,
  deleteClient,
  findClient,
  listClients,
  type StoredClient,
  updateClient,
} from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import type { Deps } from '../deps.ts'
import { parseNewClient, patchClient } from './client-members.ts'
import { ClientQuerySchema, parseClientFilter } from './client-query.ts'

const URL = '/api/v1/clients'

const tags = ['clients']

/** Routes for single clients, and the list of clients. */
interface ClientRoutesOptions extends Pick<Deps, 'database' | 'pageBytes'> {
  readonly runQuery: RunQuery
}

export function addSingleClientRoutes(
  http: HttpServer,
  { database, pageBytes, runQuery }: ClientRoutesOptions,
): void {
  addReads(http, { database, pageBytes, runQuery })
  http.post(
    URL,
    {
      config: { access: 'clients:write' },
      schema: {
        tags,
        summary: 'Create a client',
        body: ClientInputSchema,
        response: { 201: ClientSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const members = parseNewClient(request.body)
      const created = required(await runQuery(() => createClient(database, members, actorOf(request))))
      return reply.code(201).header('location', `${URL}/${created.id}`).send(presentClient(created))
    },
  )
  http.patch(
    `${URL}/:id`,
    {
      // It answers with the whole client, also to a patch that changes nothing.
      config: { access: ['clients:write', 'clients:read'] },
      schema: {
        tags,
        summary: 'Change fields of a client',
        description:
          'A merge patch (RFC 7396): what is left out stays as it is, also within `attributes`; null removes.',
        params: IdParameters,
        body: ClientPatchSchema,
        response: { 200: ClientSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const { body, params } = request
      const edit = (client: StoredClient) => patchClient(client, body)
      return presentClient(
        required(await runQuery(() => updateClient(database, params.id, edit, actorOf(request))), params.id),
      )
    },
  )
  http.delete(
    `${URL}/:id`,
    {
      config: { access: 'clients:write' },
      schema: {
        tags,
        summary: 'Delete a client; its messages are kept, and those not sent yet are cancelled',
        params: IdParameters,
        response: { 204: Type.Null(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await runQuery(() => deleteClient(database, id, actorOf(request))))) throw notFound(id)
      return reply.code(204).send(null)
    },
  )
}

function addReads(http: HttpServer, { database, pageBytes, runQuery }: ClientRoutesOptions): void {
  http.get(
    URL,
    {
      config: { access: 'clients:read' },
      schema: {
        tags,
        summary: 'List clients in the order of their ids',
        querystring: ClientQuerySchema,
        response: {
          200: PageSchema(ClientSchema),
          default: ProblemSchema,
        },
      },
    },
    async ({ query }) => {
      const filter = parseClientFilter(query)
      const afterId = parseIdCursor('clients', query.cursor)
      const limits = { items: query.limit, bytes: pageBytes }
      const page = await runQuery(() => listClients(database, filter, limits, afterId))
      return toSizedIdPage('clients', page, presentClient)
    },
  )
  http.get(
    `${URL}/:id`,
    {
      config: { access: 'clients:read' },
      schema: {
        tags,
        summary: 'Read a client',
        params: IdParameters,
        response: { 200: ClientSchema, default: ProblemSchema },
      },
    },
    async ({ params }) => {
      const found = await runQuery(() => findClient(database, params.id))
      return presentClient(required(found, params.id))
    },
  )
}

/** @throws AppError not_found | conflict */
function required(found: StoredClient | { takenBy: number } | undefined, id?: number): StoredClient {
  if (found === undefined) throw notFound(id)
  if (!('takenBy' in found)) return found
  throw new AppError('conflict', 'Another client has this phone number', {
    field: '/phone',
    extra: { id: found.takenBy },
  })
}

function notFound(id?: number): AppError {
  return new AppError('not_found', `There is no client with the id ${id}`, { field: 'id' })
}

/** A client as the API shows it. */
function presentClient(client: StoredClient): Client {
  return {
    id: client.id,
    phone: String(client.phone),
    operatorCode: client.operatorCode,
    tag: client.tag,
    timeZone: client.timeZone,
    email: client.email,
    webhookUrl: client.webhookUrl,
    attributes: client.attributes,
    optedOut: client.optedOutAt !== null,
    optedOutAt: client.optedOutAt?.toISOString() ?? null,
    createdAt: client.createdAt.toISOString(),
    updatedAt: client.updatedAt.toISOString(),
  }
}
