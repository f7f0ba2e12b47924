import { AppError } from '@runnel/contracts'
import {
  DeadLetterGroupsSchema,
  DeadLetterSchema,
  type DeadLetterGroups,
} from '@runnel/contracts/api/dead-letter'
import { PageSchema } from '@runnel/contracts/api/page'
import { IdParameters, parseIdCursor, ProblemSchema, toSizedIdPage, type HttpServer } from '@runnel/http'
import type { DeadLetterGroups as StoredGroups, StoredDeadLetter } from '@runnel/repositories-events'
import type { DeadLetterStore } from '../dead-letter-store.ts'
import { DeadLetterGroupQuerySchema, DeadLetterQuerySchema, toFilter } from './dead-letter-query.ts'
import { presentDeadLetter } from './present-dead-letter.ts'

interface DeadLetterOptions {
  readonly store: Pick<DeadLetterStore, 'list' | 'find' | 'group'>
  /** Of the letters of a page. */
  readonly pageBytes: number
}

export const DEAD_LETTERS = { url: '/api/v1/dead-letters', tags: ['dead letters'] } as const

/** Reading dead letters: a page, what they are about, and one of them. */
export function addDeadLetterRoutes(app: HttpServer, { store, pageBytes }: DeadLetterOptions): void {
  const tags = [...DEAD_LETTERS.tags]
  app.get(
    DEAD_LETTERS.url,
    {
      config: { access: 'dead-letters:read' },
      schema: {
        tags,
        summary: 'Events that could not be stored, the newest first; large ones end a page early',
        querystring: DeadLetterQuerySchema,
        response: { 200: PageSchema(DeadLetterSchema), default: ProblemSchema },
      },
    },
    async ({ query }) => {
      const beforeId = parseIdCursor('deadLetters', query.cursor)
      const options = { limit: query.limit, maxBytes: pageBytes, beforeId }
      return toSizedIdPage('deadLetters', await store.list(toFilter(query), options), presentDeadLetter)
    },
  )
  app.get(
    `${DEAD_LETTERS.url}/groups`,
    {
      config: { access: 'dead-letters:read' },
      schema: {
        tags,
        summary: 'How many there are, by kind and by what their reason begins with',
        querystring: DeadLetterGroupQuerySchema,
        response: { 200: DeadLetterGroupsSchema, default: ProblemSchema },
      },
    },
    async ({ query }) => presentGroups(await store.group(toFilter(query))),
  )
  app.get(
    `${DEAD_LETTERS.url}/:id`,
    {
      config: { access: 'dead-letters:read' },
      schema: {
        tags,
        summary: 'One event that could not be stored',
        params: IdParameters,
        response: { 200: DeadLetterSchema, default: ProblemSchema },
      },
    },
    async ({ params }) => presentDeadLetter(requireLetter(await store.find(params.id), params.id)),
  )
}

/** @throws AppError not_found */
export function requireLetter(letter: StoredDeadLetter | undefined, id: number): StoredDeadLetter {
  if (!letter) throw noDeadLetter(id)
  return letter
}

export function noDeadLetter(id: number): AppError {
  return new AppError('not_found', `There is no dead letter ${id}`, { field: 'id' })
}

function presentGroups({ groups, ...totals }: StoredGroups): DeadLetterGroups {
  return {
    ...totals,
    groups: groups.map(({ firstFailedAt, lastFailedAt, ...group }) => ({
      ...group,
      firstFailedAt: firstFailedAt.toISOString(),
      lastFailedAt: lastFailedAt.toISOString(),
    })),
  }
}
