import { AppError } from '@runnel/contracts'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { sendEntry, setCacheStatus } from '../cached-reply.ts'
import type { Catalogue, Render } from '../catalogue.ts'
import type { QueryLimits } from '../limits.ts'
import { encodeIdCursor, parseIdCursor } from '../params/cursor.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { parseProductId } from '../params/product-id.ts'
import { Cursor, Limit, page, Text } from '../params/schemas.ts'
import { parseWords } from '../params/words.ts'
import { ProductSummarySchema, StoredProductSchema } from './product-schemas.ts'

const DEFAULT_LIMIT = 50

/** Products: pages in the order of their ids, and one by its id. */
export function addProductRoutes(app: HttpServer, catalogue: Catalogue, { pageItems }: QueryLimits): void {
  app.get(
    '/api/v1/products',
    {
      preValidation: checkParameters,
      schema: {
        tags: ['products'],
        summary: 'A page of products, in the order of their ids',
        querystring: Type.Object({
          q: Type.Optional(Text('Words that occur in name or manufacturer', 200)),
          limit: Limit(DEFAULT_LIMIT, pageItems),
          cursor: Type.Optional(Cursor),
        }),
        response: { 200: page(ProductSummarySchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { q, limit, cursor } = request.query
      const [words, afterId] = [parseWords(q), parseIdCursor(cursor)]
      const everybodys = words.length === 0 && afterId === undefined && limit === DEFAULT_LIMIT
      return sendEntry(
        reply,
        await catalogue.page({ limit, afterId, words }, render, everybodys ? 'page' : undefined),
      )
    },
  )
  app.get(
    '/api/v1/products/:id',
    {
      preValidation: checkParameters,
      schema: {
        tags: ['products'],
        summary: 'One product',
        params: Type.Object({ id: Type.String({ description: 'A whole number from 1 to 2^53 - 1' }) }),
        response: { 200: StoredProductSchema, default: ProblemSchema },
      },
    },
    // Not async: what this process has fresh goes out without a promise. The hot path.
    (request, reply) => {
      const id = parseProductId(request.params.id)
      if (id === undefined) throw badId()
      const fresh = catalogue.peekProduct(id)
      if (!fresh?.body) return findProduct(catalogue, id, reply)
      sendEntry(reply, { entry: fresh, status: 'hit' })
      return undefined
    },
  )
}

const render: Render = ({ items, lastId }) => ({
  body: JSON.stringify({ items, nextCursor: lastId === undefined ? null : encodeIdCursor(lastId) }),
})

function badId(): AppError {
  return new AppError('invalid_field', 'The id is none', {
    field: 'id',
    expected: 'a number from 1 to 2^53 - 1',
  })
}

async function findProduct(catalogue: Catalogue, id: number, reply: FastifyReply): Promise<void> {
  const answer = await catalogue.product(id)
  if (answer.entry.body !== null) {
    sendEntry(reply, answer)
    return
  }
  setCacheStatus(reply, answer.status)
  throw new AppError('not_found', `There is no product ${id}`, { field: 'id' })
}
