import { AppError, parseTimestamp } from '@runnel/contracts'
import { DeadLetterSchema, ReplayedSchema, type DeadLetter } from '@runnel/contracts/api/dead-letter'
import { PageSchema } from '@runnel/contracts/api/page'
import { IdParameters, parseIdCursor, toIdPage, type HttpServer } from '@runnel/http'
import type { DeadLetterFilter, StoredDeadLetter } from '@runnel/repositories-events'
import { isUtf8 } from 'node:buffer'
import { DeadLetterQuerySchema, ReplayFilterSchema } from './dead-letter-query.ts'

/** The dead letters in PostgreSQL. Every call may reject with an AppError when the database is unreachable. */
export interface DeadLetterStore {
  list(filter: DeadLetterFilter, limit: number, beforeId?: number): Promise<StoredDeadLetter[]>
  find(id: number): Promise<StoredDeadLetter | undefined>
  markReplayed(id: number, attempts: number): Promise<void>
}

export interface DeadLetterOptions {
  readonly store: Pick<DeadLetterStore, 'list' | 'find'>
  /** Tries one again. */
  readonly replay: (letter: StoredDeadLetter) => Promise<void>
}

/** Letters that one call replays, unless it names another number. */
const REPLAY_LIMIT = 100

export function addDeadLetterRoutes(app: HttpServer, { store, replay }: DeadLetterOptions): void {
  const tags = ['dead letters']
  app.get(
    '/api/v1/dead-letters',
    {
      schema: {
        tags,
        summary: 'Events that could not be stored, the newest first',
        querystring: DeadLetterQuerySchema,
        response: { 200: PageSchema(DeadLetterSchema) },
      },
    },
    async ({ query }) => {
      const beforeId = parseIdCursor('deadLetters', query.cursor)
      const letters = await store.list(toFilter(query), query.limit + 1, beforeId)
      return toIdPage('deadLetters', letters, query.limit, present)
    },
  )

  app.post(
    '/api/v1/dead-letters/:id/replay',
    {
      schema: {
        tags,
        summary: 'Try one again',
        params: IdParameters,
        response: { 202: ReplayedSchema },
      },
    },
    async ({ params }, reply) => {
      const letter = await store.find(params.id)
      if (!letter) throw new AppError('not_found', `There is no dead letter ${params.id}`, { field: 'id' })
      await replay(letter)
      return reply.code(202).send({ status: 'ok', replayed: 1 })
    },
  )

  app.post(
    '/api/v1/dead-letters/replay',
    {
      schema: {
        tags,
        summary: 'Try those again that match and have not been replayed since they failed',
        body: ReplayFilterSchema,
        response: { 202: ReplayedSchema },
      },
    },
    async ({ body }, reply) => {
      const filter = { ...toFilter(body), replayed: false }
      const letters = await store.list(filter, body.limit ?? REPLAY_LIMIT)
      for (const letter of letters) await replay(letter)
      return reply.code(202).send({ status: 'ok', replayed: letters.length })
    },
  )
}

interface FilterParameters {
  readonly kind?: string
  readonly reason?: string
  readonly from?: string
  readonly to?: string
  readonly replayed?: boolean
}

function toFilter({ kind, reason, from, to, replayed }: FilterParameters): DeadLetterFilter {
  return {
    kind,
    reason: reason?.replaceAll('\0', ''),
    from: toDate(from),
    to: toDate(to),
    replayed,
  }
}

/** The schema has let nothing else pass. */
function toDate(value: string | undefined): Date | undefined {
  const ms = parseTimestamp(value)
  return ms === undefined ? undefined : new Date(ms)
}

function present(letter: StoredDeadLetter): DeadLetter {
  const { payload } = letter
  const readable = isUtf8(payload)
  return {
    id: letter.id,
    eventId: letter.sourceId,
    kind: letter.kind,
    subject: letter.subject,
    reason: letter.reason,
    operation: letter.operation,
    key: letter.key,
    payload: payload.toString(readable ? 'utf8' : 'base64'),
    payloadEncoding: readable ? 'utf8' : 'base64',
    firstFailedAt: letter.firstFailedAt.toISOString(),
    lastFailedAt: letter.lastFailedAt.toISOString(),
    attempts: letter.attempts,
    replayedAt: letter.replayedAt?.toISOString() ?? null,
  }
}
