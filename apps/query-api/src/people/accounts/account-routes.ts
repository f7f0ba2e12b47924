import { AppError } from '@runnel/contracts'
import {
  callerOf,
  createHostCheck,
  createPeerOf,
  statusOf,
  type HttpOptions,
  type HttpServer,
} from '@runnel/http'
import { acceptAttempt } from '@runnel/repositories-access'
import { Type } from 'typebox'
import { sendPage } from '../../routes/send-page.ts'
import type { SignIn } from '../create-sign-in.ts'
import { openSession } from '../open-session.ts'
import { requirePublicOrigin } from '../require-public-origin.ts'
import { returnPathOf } from '../return-path.ts'
import { takeForms } from '../take-forms.ts'
import { accountPage } from './account-page.ts'
import type { AccountSignIn } from './account-sign-in.ts'

export const ACCOUNT_PATH = '/sign-in'

const BODY_LIMIT_BYTES = 8 * 1024
const MAX_TEXT = 1000

const SCHEMA = { tags: ['access'], produces: ['text/html'] }

interface AccountRouteOptions {
  readonly signIn: SignIn
  readonly accounts: AccountSignIn
  readonly hosts: HttpOptions
  /** Counts how an attempt ended. */
  readonly note: (outcome: string) => void
}

/** Where people sign in with local accounts. In a scope that prepareSignInPages has prepared. */
export function addAccountRoutes(
  app: HttpServer,
  { signIn, accounts, hosts, note }: AccountRouteOptions,
): void {
  const { settings, addressOf } = signIn
  const { publicOriginOf } = createHostCheck(hosts)
  const peerOf = createPeerOf(addressOf)
  const hasProvider = signIn.provider !== undefined
  takeForms(app, BODY_LIMIT_BYTES)
  const to = Type.Optional(Type.String({ description: 'Path to open afterwards' }))
  app.get(
    ACCOUNT_PATH,
    {
      config: { access: 'public' },
      schema: {
        ...SCHEMA,
        summary: 'The form for people with local accounts',
        querystring: Type.Object({ to }),
      },
    },
    (request, reply) => {
      requirePublicOrigin(publicOriginOf(request.raw), settings.publicUrl)
      return sendPage(
        reply,
        accountPage({ to: returnPathOf(request.query.to, settings.publicUrl), hasProvider }),
      )
    },
  )
  app.post(
    ACCOUNT_PATH,
    {
      config: { access: 'public' },
      schema: {
        ...SCHEMA,
        summary: 'Signs a person in with a local account',
        consumes: ['application/x-www-form-urlencoded'],
        body: Type.Object({
          to,
          ...{ name: Type.String({ maxLength: MAX_TEXT }), password: Type.String({ maxLength: MAX_TEXT }) },
          code: Type.String({ maxLength: MAX_TEXT }),
        }),
      },
    },
    async (request, reply) => {
      requirePublicOrigin(publicOriginOf(request.raw), settings.publicUrl)
      const returnTo = returnPathOf(request.body.to, settings.publicUrl)
      const beganAtMs = Date.now()
      try {
        const { person, attempt, step } = await accounts.judge(
          request.body,
          callerOf(request, peerOf),
          addressOf(request.raw),
        )
        const cookie = await openSession(signIn, request, person, async (trx) => {
          if (!(await acceptAttempt(trx, attempt, step))) await accounts.refuse(beganAtMs)
        })
        note('signed_in')
        // 303: the browser asks for the next page without the password.
        return await reply.header('set-cookie', cookie).redirect(returnTo, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'sign_in_failed') throw error
        note(error.code)
        request.log.warn({ code: error.code }, 'a person could not sign in')
        const { name } = request.body
        const page = accountPage({ to: returnTo, name, problem: error.message, hasProvider })
        return sendPage(reply.code(statusOf(error.code)), page)
      }
    },
  )
}
