import { ReplayedSchema } from '@runnel/contracts/api/dead-letter'
import {
  actorOf,
  IdParameters,
  OptionalBody,
  ProblemSchema,
  requireScope,
  type HttpServer,
} from '@runnel/http'
import type { Logger } from '@runnel/observability'
import type { DeadLetterFilter } from '@runnel/repositories-events'
import { Type } from 'typebox'
import type { Replay } from '../create-replay.ts'
import type { DeadLetterStore } from '../dead-letter-store.ts'
import { editDeadLetter } from '../edit-dead-letter.ts'
import { ReplayFilterSchema, toFilter } from './dead-letter-query.ts'
import { DEAD_LETTERS, requireLetter } from './dead-letters.ts'

interface ReplayRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'list' | 'find'>
  /** Of the letters that are in memory at a time. */
  readonly pageBytes: number
  /** Of an event, and so of what it is edited to. */
  readonly eventLimitBytes: number
  readonly log: Logger
  /** Tries one again. */
  readonly replay: Replay
}

const EditSchema = OptionalBody({
  payload: Type.Optional(
    Type.String({ description: 'JSON to be stored in place of what failed; left out: what failed' }),
  ),
})

/** Letters that one call replays, unless it names another number. */
const REPLAY_LIMIT = 100

/** Trying dead letters again. */
export function addReplayRoutes(app: HttpServer, options: ReplayRoutesOptions): void {
  const tags = [...DEAD_LETTERS.tags]
  app.post(
    `${DEAD_LETTERS.url}/:id/replay`,
    {
      config: { access: 'dead-letters:write' },
      schema: {
        tags,
        summary: 'Try one again',
        description:
          'As the event that it was. One that failed with idempotency_key_reused is stored as an event of its own, known by ' +
          'its id in place of its key. One with an unknown operation is refused with 409. With `payload`, the event says that from now ' +
          'on; what would not be stored either is refused, and until it is stored the letter stays as it is. To edit that of a product needs ' +
          'the scope products:write as well.',
        params: IdParameters,
        body: EditSchema,
        response: { 202: ReplayedSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const letter = requireLetter(await options.store.find(id), id)
      const text = request.body?.payload
      if (text === undefined) await options.replay(letter)
      else {
        // What an edited letter of a product says is what everybody reads from then on.
        if (letter.kind === 'products') requireScope(request, 'products:write')
        await options.replay(editDeadLetter(letter, text, options.eventLimitBytes), letter.payload)
        options.log.info({ actor: actorOf(request), deadLetterId: id }, 'dead letter edited and replayed')
      }
      return reply.code(202).send({ status: 'ok', replayed: 1 })
    },
  )
  app.post(
    `${DEAD_LETTERS.url}/replay`,
    {
      config: { access: 'dead-letters:write' },
      schema: {
        tags,
        summary: 'Try those again that match and have not been replayed since they failed, the oldest first',
        description:
          'Leaves out what has an unknown operation and, unless `code` is idempotency_key_reused, what failed with that code: it ' +
          'may be the event of its key, sent again in other words. `replayed` counts what the broker took; what fails again is ' +
          'listed again.',
        body: ReplayFilterSchema,
        response: { 202: ReplayedSchema, default: ProblemSchema },
      },
    },
    async ({ body }, reply) => {
      const replayed = await replayAll(
        { ...toFilter(body), replayed: false, replayable: true },
        body.limit ?? REPLAY_LIMIT,
        options,
      )
      return reply.code(202).send({ status: 'ok', replayed })
    },
  )
}

/** In the order in which they failed: of two events with one key the first is the one that counts. */
async function replayAll(
  filter: DeadLetterFilter,
  limit: number,
  { store, pageBytes, replay }: ReplayRoutesOptions,
): Promise<number> {
  let replayed = 0
  let afterId = 0
  for (;;) {
    const page = await store.list(filter, { limit: limit - replayed, maxBytes: pageBytes, afterId })
    for (const letter of page.items) {
      await replay(letter)
      replayed++
      afterId = letter.id
    }
    if (!page.more || replayed >= limit) return replayed
  }
}
