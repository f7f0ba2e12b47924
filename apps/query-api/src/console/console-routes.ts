import fastifyStatic from '@fastify/static'
import { isViewPath } from '@runnel/console'
import { declareAccess, type HttpServer } from '@runnel/http'
import type { FastifyInstance } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { messagePage } from '../pages/message-page.ts'
import { secured, sendPage } from '../routes/send-page.ts'

/** Where the console begins. */
const FIRST_VIEW = '/console/logs'

const PAGE = 'index.html'
/** Vite puts files whose names are hashes of their contents into this folder: they never change. */
const HASHED_FOLDER = 'assets/'
const A_YEAR = 'public, max-age=31536000, immutable'
/** The build writes a compressed copy beside each file; it is sent under the name of the file. */
const COMPRESSED = /\.(br|gz)$/

const UNBUILT =
  'The console is not built. This command builds it: npx nx build @runnel/console. Then start query-api again'

/**
 * The console under /console/: its files by their names, and its one page for every address without a file extension,
 * because the console itself knows its views.
 *
 * @param folder of the built console
 */
export async function addConsoleRoutes(app: HttpServer, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, PAGE))
  await app.register(
    async (scope: HttpServer) => {
      // The files hold no data: what they show is asked for with the credentials of the person.
      declareAccess(scope as unknown as FastifyInstance, 'public')
      await scope.register(fastifyStatic, {
        root: folder,
        serve: false,
        preCompressed: true,
        dotfiles: 'ignore',
        cacheControl: false,
        acceptRanges: false,
        lastModified: false,
        suppressWarning: true,
      })
      scope.setNotFoundHandler((_request, reply) =>
        sendPage(reply.code(404), messagePage('No such file', 'The console has no file of this name.')),
      )
      scope.get('/', (_request, reply) => reply.redirect(FIRST_VIEW))
      const params = Type.Object({ '*': Type.String() })
      const schema = { tags: ['pages'], summary: 'The console', produces: ['text/html'], params }
      scope.get('/*', { schema }, (request, reply) => {
        if (!isBuilt) return sendPage(reply.code(503), messagePage('There is no console yet', `${UNBUILT}.`))
        const name = request.params['*']
        if (COMPRESSED.test(name)) return reply.callNotFound()
        void secured(reply).header('cache-control', name.startsWith(HASHED_FOLDER) ? A_YEAR : 'no-cache')
        // Tags are made of size and time. In a build with fixed times, a new page would be taken for the old one.
        if (name === PAGE) return reply.sendFile(PAGE, { etag: false })
        // The page itself says that there is nothing.
        if (!isFile(name))
          return reply.code(isViewPath(`/console/${name}`) ? 200 : 404).sendFile(PAGE, { etag: false })
        return reply.sendFile(name)
      })
    },
    { prefix: '/console' },
  )
}

/** An address of a view has no dot in its last part. */
function isFile(name: string): boolean {
  return name.slice(name.lastIndexOf('/') + 1).includes('.')
}
