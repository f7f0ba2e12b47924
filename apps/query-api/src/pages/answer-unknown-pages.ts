import type { HttpServer } from '@runnel/http'
import { toAppError } from '@runnel/http'
import type { FastifyRequest } from 'fastify'
import { sendPage } from '../routes/send-page.ts'
import { messagePage } from './message-page.ts'

/** Below it answers are JSON for everybody. */
const API = '/api/'

/** Answers a person's browser at an unknown address with a page; everything else goes on with a problem. */
export async function answerUnknownPages(http: HttpServer): Promise<void> {
  await http.register(async (scope) => {
    // The 404 itself is thrown before the body is read, by what every app has: see createHttpServer.
    scope.setNotFoundHandler(() => undefined)
    scope.setErrorHandler((error: Error, request, reply) => {
      if (toAppError(error).code !== 'not_found' || !wantsPage(request)) throw error
      return sendPage(
        reply.code(404),
        messagePage(
          'Page not found',
          'There is nothing at this address. It may be mistyped, or the page has moved.',
        ),
      )
    })
  })
}

function wantsPage({ method, url, headers: { accept = '' } }: FastifyRequest): boolean {
  return ['GET', 'HEAD'].includes(method) && !url.startsWith(API) && accept.includes('text/html')
}
