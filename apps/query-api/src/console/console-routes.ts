import type { HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import { messagePage } from '../pages/message-page.ts'
import { sendPage } from '../routes/send-page.ts'
import type { ConsoleFiles } from './read-console.ts'
import { sendConsoleFile } from './send-console-file.ts'

/** Where the console begins. */
const FIRST_VIEW = '/console/logs'

const UNBUILT =
  'The console is not built. This command builds it: npx nx build @runnel/console. Then start query-api again'

/**
 * The console under /console/: its files by their names, and its one page for every address without a file extension,
 * for the console itself knows its views.
 */
export function addConsoleRoutes(app: HttpServer, files: ConsoleFiles): void {
  const params = Type.Object({ '*': Type.String() })
  const schema = { tags: ['pages'], summary: 'The console', produces: ['text/html'], params }
  for (const path of ['/console', '/console/']) {
    app.get(path, (_request, reply) => reply.redirect(FIRST_VIEW))
  }
  app.get('/console/*', { schema }, (request, reply) => {
    const page = files.get('index.html')
    if (!page) return sendPage(reply.code(503), messagePage('There is no console yet', `${UNBUILT}.`))
    const name = request.params['*']
    const file = files.get(name) ?? (isFile(name) ? undefined : page)
    if (file) return sendConsoleFile(request, reply, file)
    return sendPage(reply.code(404), messagePage('No such file', 'The console has no file of this name.'))
  })
}

/** An address of a view has no dot in its last part. */
function isFile(name: string): boolean {
  return name.slice(name.lastIndexOf('/') + 1).includes('.')
}
