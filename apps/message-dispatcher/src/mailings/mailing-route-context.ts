import type { ChannelName } from '@runnel/contracts'
import { actorOf } from '@runnel/http'
import { createRunQuery, type RunQuery } from '@runnel/repositories-database'
import type { Act, ActResult } from '@runnel/repositories-mailings'
import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { configuredChannels } from '../sending/channels/configured-channels.ts'
import { readAuthorNames } from './read-author-names.ts'
import { createWarnings, type Warnings } from './warnings/create-warnings.ts'

/** Requests about mailings that may wait for the database at once. */
const MAX_QUERIES = 100

/** What the routes of mailings share. */
export interface MailingRouteContext extends Deps {
  readonly runQuery: RunQuery
  readonly warnings: Warnings
  /** Those that mailings can go out by. */
  readonly channels: readonly ChannelName[]
  /** The user of a request, and its time. */
  actOf(request: FastifyRequest): Act
  /** The same, with who stands behind it: for what people write and approve. */
  authorOf(request: FastifyRequest): Promise<Act>
  /** Logs the action of a user, and ends the pauses of loops that may have work now. */
  done(result: ActResult, act: Act, action: string): void
}

export function createMailingRouteContext(deps: Deps): MailingRouteContext {
  const { clock, log, wake } = deps
  const runQuery = createRunQuery(MAX_QUERIES)
  const actOf = (request: FastifyRequest): Act => ({
    ...{ actor: actorOf(request), nowMs: Math.floor(clock.nowMs()) },
  })
  return {
    ...deps,
    channels: configuredChannels(deps.sending).map(({ name }) => name),
    runQuery,
    warnings: createWarnings(deps, runQuery),
    actOf,
    authorOf: async (request) => ({
      ...actOf(request),
      authorNames: await readAuthorNames(request, deps.database, runQuery),
    }),
    done({ mailing, changed }, { actor }, action) {
      if (!changed) return
      log.info({ mailingId: mailing.id, actor, action, status: mailing.status }, 'mailing changed')
      if (mailing.status !== 'draft') wake.notify()
    },
  }
}
