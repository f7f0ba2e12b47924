import { parseText } from '@runnel/json'
import { retryAfterSeconds, statusOf, toAppError, type HttpServer } from '@runnel/http'
import { sendEntry, setCacheStatus } from '../send-entry.ts'
import type { PageLimits } from '@runnel/repositories-database'
import type { Catalogue } from '../catalogue.ts'
import type { QueryLimits } from '../limits.ts'
import { readAssets } from '../pages/read-assets.ts'
import { messagePage } from '../pages/message-page.ts'
import { productListPage } from '../pages/product-list-page.ts'
import { productPage, type ProductView } from '../pages/product-page.ts'
import { markStale } from '../pages/layout.ts'
import { parseId } from '../params/parse-id.ts'
import { encodeProductCursor } from '../params/product-cursor.ts'
import { isPlain, toListOptions } from '../params/product-query.ts'
import { parsePageQuery } from './parse-page-query.ts'
import { signInPage } from '../people/sign-in-page.ts'
import { Type } from 'typebox'
import { secured, sendPage } from './send-page.ts'

const ROWS = 50

/** Of errors that are not about the address. */
const TITLES: Readonly<Record<number, string>> = { 401: 'Sign in first', 403: 'Not allowed' }

const HTML = 'text/html; charset=utf-8'

/**
 * The HTML pages. In a scope of its own: here errors are pages, too.
 *
 * @param signInAt where a person signs in to come back to a path
 */
export function addPageRoutes(
  app: HttpServer,
  catalogue: Catalogue,
  { pageBytes }: QueryLimits,
  signInAt: (path: string) => string,
): void {
  app.setErrorHandler((error: Error, request, reply) => {
    const appError = toAppError(error)
    const status = statusOf(appError.code)
    if (status === 500) request.log.error({ err: error }, 'a page failed')
    const retryAfter = retryAfterSeconds(appError)
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
    const title =
      TITLES[status] ?? (status < 500 ? 'This address is not valid' : 'Not available at the moment')
    const text = `${appError.message}.`
    if (status !== 401) return sendPage(reply.code(status), messagePage(title, text))
    const link = { href: signInAt(request.url), label: 'Sign in' }
    return sendPage(reply.code(status), signInPage(title, text, [link]))
  })
  addListPage(app, catalogue, { items: ROWS, bytes: pageBytes })
  addProductPage(app, catalogue)
  for (const { path, contentType, entry } of readAssets()) {
    app.get(path, { config: { access: 'public' } }, (_request, reply) =>
      sendEntry(reply, { entry, status: 'hit' }, contentType),
    )
  }
}

/** GET / */
function addListPage(app: HttpServer, catalogue: Catalogue, limits: PageLimits): void {
  const names = ['q', 'manufacturer', 'minPrice', 'maxPrice', 'sort', 'cursor']
  const querystring = Type.Object(
    Object.fromEntries(names.map((name) => [name, Type.Optional(Type.Unknown())])),
  )
  const schema = {
    tags: ['pages'],
    summary: 'Products as a page; takes the parameters of /api/v1/products',
    produces: ['text/html'],
    querystring,
  }
  app.get('/', { config: { access: 'products:read' }, schema }, async (request, reply) => {
    const query = parsePageQuery(request.query)
    const answer = await catalogue.page(
      toListOptions(query, limits),
      ({ items, last }) => ({
        body: productListPage({ items, query, nextCursor: last && encodeProductCursor(last, query.sort) }),
      }),
      isPlain(query) ? 'html' : undefined,
    )
    if (answer.status !== 'stale') return sendEntry(secured(reply), answer, HTML)
    setCacheStatus(reply, answer.status)
    return sendPage(reply, markStale(String(answer.entry.body)))
  })
}

/** GET /product?id=N */
function addProductPage(app: HttpServer, catalogue: Catalogue): void {
  const querystring = Type.Object({ id: Type.Optional(Type.Unknown()) })
  const schema = { tags: ['pages'], summary: 'One product as a page', produces: ['text/html'], querystring }
  app.get('/product', { config: { access: 'products:read' }, schema }, async (request, reply) => {
    const id = parseId(request.query.id)
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
    const page = productPage(parseText(entry.body.toString(), Infinity) as unknown as ProductView)
    return sendPage(reply, status === 'stale' ? markStale(page) : page)
  })
}
