import { retryAfterSeconds, statusOf, toAppError, type HttpServer } from '@runnel/http'
import { sendEntry, setCacheStatus } from '../cached-reply.ts'
import type { Catalogue } from '../catalogue.ts'
import { readAssets } from '../pages/assets.ts'
import { messagePage } from '../pages/message-page.ts'
import { productListPage } from '../pages/product-list-page.ts'
import { productPage, type ProductView } from '../pages/product-page.ts'
import { encodeIdCursor, parseIdCursor } from '../params/cursor.ts'
import { parseProductId } from '../params/product-id.ts'
import { parseWords } from '../params/words.ts'
import { parsePageQuery } from './page-query.ts'
import { Type } from 'typebox'
import { secured, sendPage } from './send-page.ts'

const ROWS = 50

const HTML = 'text/html; charset=utf-8'

/** Pages for people. In a scope of its own: here errors are pages, too. */
export function addPageRoutes(app: HttpServer, catalogue: Catalogue): void {
  app.setErrorHandler((error: Error, request, reply) => {
    const appError = toAppError(error)
    const status = statusOf(appError.code)
    if (status === 500) request.log.error({ err: error }, 'a page failed')
    const retryAfter = retryAfterSeconds(appError)
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
    const title = status < 500 ? 'That did not work' : 'Not available at the moment'
    return sendPage(reply.code(status), messagePage(title, `${appError.message}.`))
  })
  addListPage(app, catalogue)
  addProductPage(app, catalogue)
  for (const { path, contentType, entry } of readAssets()) {
    app.get(path, (_request, reply) => sendEntry(reply, { entry, status: 'hit' }, contentType))
  }
}

/** GET / */
function addListPage(app: HttpServer, catalogue: Catalogue): void {
  const querystring = Type.Object({ q: Type.Optional(Type.Unknown()), cursor: Type.Optional(Type.Unknown()) })
  const schema = {
    tags: ['pages'],
    summary: 'Products as a page; q searches',
    produces: ['text/html'],
    querystring,
  }
  app.get('/', { schema }, async (request, reply) => {
    const { q, cursor } = parsePageQuery(request.query)
    const [words, afterId] = [parseWords(q), parseIdCursor(cursor)]
    // The page shows q as it was typed, so that not even a blank may be shared.
    const everybodys = q === '' && afterId === undefined
    const answer = await catalogue.page(
      { limit: ROWS, afterId, words },
      ({ items, lastId }) => ({
        body: productListPage({
          items,
          q,
          continued: afterId !== undefined,
          nextHref: lastId === undefined ? undefined : hrefOf(q, lastId),
        }),
      }),
      everybodys ? 'html' : undefined,
    )
    return sendEntry(secured(reply), answer, HTML)
  })
}

function hrefOf(q: string, lastId: number): string {
  return `/?${new URLSearchParams({ ...(q !== '' && { q }), cursor: encodeIdCursor(lastId) }).toString()}`
}

/** GET /product?id=N */
function addProductPage(app: HttpServer, catalogue: Catalogue): void {
  const querystring = Type.Object({ id: Type.Optional(Type.Unknown()) })
  const schema = { tags: ['pages'], summary: 'One product as a page', produces: ['text/html'], querystring }
  app.get('/product', { schema }, async (request, reply) => {
    const id = parseProductId(request.query.id)
    if (id === undefined) {
      const text = 'This address needs the id of a product, for example /product?id=1.'
      return sendPage(reply.code(400), messagePage('Which product?', text, true))
    }
    const { entry, status } = await catalogue.product(id)
    setCacheStatus(reply, status)
    if (entry.body === null) {
      return sendPage(
        reply.code(404),
        messagePage('No such product', `There is no product with the id ${id}.`),
      )
    }
    return sendPage(reply, productPage(JSON.parse(entry.body.toString()) as ProductView))
  })
}
