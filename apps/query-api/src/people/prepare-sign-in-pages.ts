import { retryAfterSeconds, statusOf, toAppError, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import { sendPage } from '../routes/send-page.ts'
import type { SignIn } from './create-sign-in.ts'
import { signInPage, type Link } from './sign-in-page.ts'

/** For routes whose answers people see while they sign in: nothing is kept by browsers, and errors are pages. */
export function prepareSignInPages(app: HttpServer, signIn: SignIn, note: (code: string) => void): void {
  sendErrorsAsPages(app, signIn, note)
  app.addHook('onSend', (_request, reply, payload, done) => {
    void reply.header('cache-control', 'no-store')
    done(null, payload)
  })
}

/** Where people end who have signed out. */
export function addSignedOutPage(app: HttpServer, signIn: SignIn): void {
  app.get(
    '/auth/signed-out',
    {
      config: { access: 'public' },
      schema: {
        ...{ tags: ['access'], produces: ['text/html'] },
        summary: 'Says that the session has ended',
        querystring: Type.Object({}),
      },
    },
    (_request, reply) =>
      sendPage(
        reply,
        signInPage('You are signed out', 'Your session here has ended.', linksOf(signIn, 'Sign in again')),
      ),
  )
}

/** At the provider first, and with a local account, where there are such. */
function linksOf({ provider, accounts }: SignIn, again: string): Link[] {
  const account = { href: '/sign-in', label: provider ? 'Sign in with a local account' : again }
  return [...(provider ? [{ href: '/auth/login', label: again }] : []), ...(accounts ? [account] : [])]
}

const TITLES: Readonly<Record<number, string>> = {
  403: 'You have no role here',
  503: 'Nobody can sign in at the moment',
}

function sendErrorsAsPages(app: HttpServer, signIn: SignIn, note: (code: string) => void): void {
  app.setErrorHandler((error: Error, request, reply) => {
    const appError = toAppError(error)
    const status = statusOf(appError.code)
    note(appError.code)
    if (status === 500) request.log.error({ err: error }, 'signing in failed')
    else
      request.log.warn(
        { code: appError.code, reason: reasonOf(appError.cause) },
        'a person could not sign in',
      )
    const retryAfter = retryAfterSeconds(appError)
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
    const title = TITLES[status] ?? 'You are not signed in'
    const page = signInPage(title, `${appError.message}.`, linksOf(signIn, 'Try again'))
    return sendPage(reply.code(status), page)
  })
}

/** Words alone: what else errors of a provider's answer hold are tokens, codes and what it knows of the person. */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  const { code } = cause as { code?: unknown }
  return typeof code === 'string' ? `${cause.message} (${code})` : cause.message
}
