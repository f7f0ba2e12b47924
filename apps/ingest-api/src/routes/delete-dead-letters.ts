import { AppError } from '@runnel/contracts'
import { DeletedSchema } from '@runnel/contracts/api/dead-letter'
import { actorOf, IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import type { Logger } from '@runnel/observability'
import type { DeadLetterStore } from '../dead-letter-store.ts'
import { DeleteFilterSchema, toFilter } from './dead-letter-query.ts'
import { DEAD_LETTERS, noDeadLetter } from './dead-letters.ts'

interface DeleteRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'count' | 'delete' | 'deleteAll'>
  readonly log: Logger
}

/** Letters that one call deletes at most; it says how many remain. */
const DELETE_LIMIT = 10_000

/** Giving dead letters up. Each deletion is a line of the log, with the user. */
export function addDeleteRoutes(app: HttpServer, { store, log }: DeleteRoutesOptions): void {
  const tags = [...DEAD_LETTERS.tags]
  app.delete(
    `${DEAD_LETTERS.url}/:id`,
    {
      config: { access: 'dead-letters:write' },
      schema: {
        tags,
        summary: 'Delete one: its event is lost',
        params: IdParameters,
        response: { 200: DeletedSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!(await store.delete(id))) throw noDeadLetter(id)
      log.info({ actor: actorOf(request), deadLetterId: id }, 'dead letter deleted')
      return { status: 'ok', deleted: 1, remaining: 0 } as const
    },
  )
  app.post(
    `${DEAD_LETTERS.url}/delete`,
    {
      config: { access: 'dead-letters:write' },
      schema: {
        tags,
        summary: 'Delete those that match, of which there have to be as many as the request says',
        description: `At most ${DELETE_LIMIT} at a time, the oldest first: \`remaining\` is the count of the next request.`,
        body: DeleteFilterSchema,
        response: { 200: DeletedSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const filter = toFilter(request.body)
      const seen = await store.count(filter)
      if (seen.count !== request.body.count) throw wrongCount(request.body.count, seen.count)
      // What fails from here on stays.
      const throughId = Math.min(seen.newestId ?? 0, filter.throughId ?? Infinity)
      const deleted = await store.deleteAll({ ...filter, throughId }, DELETE_LIMIT)
      const remaining = Math.max(0, seen.count - deleted)
      log.info({ actor: actorOf(request), filter: request.body, deleted, remaining }, 'dead letters deleted')
      return { status: 'ok', deleted, remaining } as const
    },
  )
}

function wrongCount(expected: number, count: number): AppError {
  return new AppError(
    'conflict',
    `${count} dead letters match, not ${expected}: nothing was deleted. Look at them again, and send their count`,
    { field: 'count', expected: String(count), extra: { count } },
  )
}
