import { ClientAttributesSchema, ClientTotalsSchema } from '@runnel/contracts/api/client-totals'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { createRunQuery, type Database } from '@runnel/repositories-database'
import { countAttributes, countClients } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { clientFilterParameters, parseClientFilter } from './client-query.ts'

/** Each reads every client: more at once would take the connections that sending needs. */
const MAX_COUNTS = 2

/** Attributes that are named. */
const MAX_ATTRIBUTES = 100

/** How many clients there are, and which attributes they have. */
export function addClientTotalsRoutes(http: HttpServer, { database }: { readonly database: Database }): void {
  const count = createRunQuery(MAX_COUNTS)
  const tags = ['clients']
  http.get(
    '/api/v1/clients/totals',
    {
      config: { access: 'clients:read' },
      schema: {
        tags,
        summary: 'Count the clients that match; has the filters of the list',
        querystring: Type.Object(clientFilterParameters, { additionalProperties: false }),
        response: { 200: ClientTotalsSchema, default: ProblemSchema },
      },
    },
    async ({ query }) => count(() => countClients(database, parseClientFilter(query))),
  )
  http.get(
    '/api/v1/clients/attributes',
    {
      config: { access: 'clients:read' },
      schema: {
        tags,
        summary: 'Names of the attributes that clients have',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: ClientAttributesSchema, default: ProblemSchema },
      },
    },
    async () => ({ items: [...(await count(() => countAttributes(database, MAX_ATTRIBUTES)))] }),
  )
}
