import type { Act, ActResult } from '@runnel/repositories'
import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { actorOf } from '../requests/actor-of.ts'
import { createAsk, type Ask } from '../requests/create-run-query.ts'

/** Requests about mailings that may wait for the database at once. */
const MAX_QUESTIONS = 100

/** What the routes of mailings share. */
export interface MailingRoom extends Deps {
  readonly ask: Ask
  /** Who asks, and when. */
  actOf(request: FastifyRequest): Act
  /** Notes what a person has done, and wakes whoever has something to do now. */
  done(result: ActResult, act: Act, action: string): void
}

export function createMailingRoom(deps: Deps): MailingRoom {
  const { clock, log, wake } = deps
  return {
    ...deps,
    ask: createAsk(MAX_QUESTIONS),
    actOf: (request) => ({ actor: actorOf(request), nowMs: Math.floor(clock.nowMs()) }),
    done({ mailing, changed }, { actor }, action) {
      if (!changed) return
      log.info({ mailingId: mailing.id, actor, action, status: mailing.status }, 'mailing changed')
      if (mailing.status !== 'draft') wake.notify()
    },
  }
}
