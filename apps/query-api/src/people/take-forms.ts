import type { HttpServer } from '@runnel/http'

/** Has the routes of a scope read forms as browsers send them. */
export function takeForms(app: HttpServer, bodyLimit: number): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
}
