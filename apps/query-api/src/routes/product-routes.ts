import { PageSchema, type Page } from '@runnel/contracts/api/page'
import { ListedProductSchema, ProductEntrySchema, type ListedProduct } from '@runnel/contracts/api/product'
import { CursorParameter, limitParameter, ProblemSchema, type HttpServer } from '@runnel/http'
import type { ListedProduct as StoredListedProduct } from '@runnel/repositories-events'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { sendEntry, sendFound } from '../send-entry.ts'
import type { Catalogue, Render } from '../catalogue.ts'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { requireId } from '../params/parse-id.ts'
import { encodeProductCursor } from '../params/product-cursor.ts'
import { MAX_PRICE_CHARACTERS } from '../params/parse-price.ts'
import { isPlain, toListOptions } from '../params/product-query.ts'
import { SORT_NAMES, type SortName } from '../params/product-sort.ts'
import { Text } from '../params/schemas.ts'

const DEFAULT_LIMIT = 50

/** Text, for a double would not find a price of more digits. */
const Price = (description: string) => Type.Optional(Text(`${description}: a number`, MAX_PRICE_CHARACTERS))

/** Products: pages in the order of their ids, and one by its id. */
export function addProductRoutes(app: HttpServer, catalogue: Catalogue, limits: QueryLimits): void {
  app.get(
    '/api/v1/products',
    {
      config: { access: 'products:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['products'],
        summary: 'A page of products: searched, filtered, sorted',
        querystring: Type.Object({
          q: Type.Optional(Text('Words that occur in name or manufacturer', 200)),
          manufacturer: Type.Optional(Text('The whole name of the manufacturer, in any case')),
          minPrice: Price('Products that cost this or more'),
          maxPrice: Price('Products that cost this or less'),
          sort: Type.Union(
            SORT_NAMES.map((name) => Type.Literal(name)),
            { default: 'id', description: 'Order; - before it: the greatest first' },
          ),
          limit: limitParameter(DEFAULT_LIMIT, limits.pageItems),
          cursor: Type.Optional(CursorParameter),
        }),
        response: { 200: PageSchema(ListedProductSchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { limit, ...query } = request.query
      const isDefaultPage = isPlain(query) && limit === DEFAULT_LIMIT
      const options = toListOptions(query, { items: limit, bytes: limits.pageBytes })
      return sendEntry(
        reply,
        await catalogue.page(options, render(query.sort), isDefaultPage ? 'page' : undefined),
      )
    },
  )
  app.get(
    '/api/v1/products/:id',
    {
      config: { access: 'products:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['products'],
        summary: 'One product',
        params: Type.Object({ id: Type.String({ description: 'A whole number from 1 to 2^53 - 1' }) }),
        response: { 200: ProductEntrySchema, default: ProblemSchema },
      },
    },
    // Not async: what this process has fresh goes out without a promise. The hot path.
    (request, reply) => {
      const id = requireId(request.params.id)
      const fresh = catalogue.peekProduct(id)
      if (!fresh?.body) return findProduct(catalogue, id, reply)
      sendEntry(reply, { entry: fresh, status: 'hit' })
      return undefined
    },
  )
}

const render =
  (sort: SortName): Render =>
  ({ items, last }) => ({
    body: JSON.stringify({
      items: items.map(encodeListed),
      nextCursor: last ? encodeProductCursor(last, sort) : null,
    } satisfies Page<ListedProduct>),
  })

function encodeListed({ id, name, price, manufacturer, updatedAtMs }: StoredListedProduct): ListedProduct {
  return { id, name, price, manufacturer, updatedAt: new Date(updatedAtMs).toISOString() }
}

async function findProduct(catalogue: Catalogue, id: number, reply: FastifyReply): Promise<void> {
  sendFound(reply, await catalogue.product(id), `product ${id}`)
}
