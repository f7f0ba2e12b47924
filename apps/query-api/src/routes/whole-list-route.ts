import { ProductSummarySchema, type ProductSummary } from '@runnel/contracts/api/product'
import type { HttpServer } from '@runnel/http'
import { CursorParameter, limitParameter, ProblemSchema } from '@runnel/http'
import { Type } from 'typebox'
import { sendEntry } from '../send-entry.ts'
import type { Catalogue, Render } from '../catalogue.ts'
import type { QueryLimits } from '../limits.ts'
import { encodeProductCursor, parseProductCursor } from '../params/product-cursor.ts'
import { checkParameters } from '../params/check-parameters.ts'

const MAX_ITEMS = 10_000

/** GET /products: a bare array in the order of ids; where more follow, a Link header names the next part. */
export function addWholeListRoute(app: HttpServer, catalogue: Catalogue, { pageBytes }: QueryLimits): void {
  app.get(
    '/products',
    {
      config: { access: 'products:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['products'],
        summary: 'Products as an array, in the order of their ids',
        querystring: Type.Object({
          limit: limitParameter(MAX_ITEMS, MAX_ITEMS),
          cursor: Type.Optional(CursorParameter),
        }),
        response: { 200: Type.Array(ProductSummarySchema), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query
      const after = parseProductCursor(cursor, 'id')
      const isDefaultPage = limit === MAX_ITEMS && after === undefined
      const answer = await catalogue.page(
        { limits: { items: limit, bytes: pageBytes }, after },
        render(limit),
        isDefaultPage ? 'array' : undefined,
      )
      if (answer.entry.meta !== '') void reply.header('link', answer.entry.meta)
      return sendEntry(reply, answer)
    },
  )
}

const render =
  (limit: number): Render =>
  ({ items, last }) => ({
    body: JSON.stringify(
      items.map(
        ({ id, name, price, manufacturer }) => ({ id, name, price, manufacturer }) satisfies ProductSummary,
      ),
    ),
    meta: last ? `</products?limit=${limit}&cursor=${encodeProductCursor(last, 'id')}>; rel="next"` : '',
  })
