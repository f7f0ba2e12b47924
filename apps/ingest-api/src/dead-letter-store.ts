import { type Database, toDatabaseError } from '@runnel/repositories-database'
import {
  countDeadLetters,
  deleteDeadLetter,
  deleteDeadLetters,
  findDeadLetter,
  groupDeadLetters,
  listDeadLetters,
  markReplayed,
  type DeadLetterFilter,
  type DeadLetterGroups,
  type DeadLetterPage,
  type DeadLetterPageOptions,
  type SeenDeadLetters,
  type StoredDeadLetter,
} from '@runnel/repositories-events'

/** The dead letters in PostgreSQL. Every call may reject with an AppError when the database is unreachable. */
export interface DeadLetterStore {
  list(filter: DeadLetterFilter, options: DeadLetterPageOptions): Promise<DeadLetterPage>
  find(id: number): Promise<StoredDeadLetter | undefined>
  group(filter: DeadLetterFilter): Promise<DeadLetterGroups>
  count(filter: DeadLetterFilter): Promise<SeenDeadLetters>
  /** @returns whether there was such a letter */
  delete(id: number): Promise<boolean>
  /** @returns how many were removed, the oldest first */
  deleteAll(filter: DeadLetterFilter, limit: number): Promise<number>
  markReplayed(id: number, attempts: number): Promise<void>
}

/** The dead letters; errors of the database become an AppError. Nothing connects before the first call. */
export function createDeadLetterStore(database: Database): DeadLetterStore {
  const orAppError = async <T>(query: Promise<T>): Promise<T> => {
    try {
      return await query
    } catch (error) {
      throw toDatabaseError(error)
    }
  }
  return {
    list: (filter, options) => orAppError(listDeadLetters(database, filter, options)),
    find: (id) => orAppError(findDeadLetter(database, id)),
    group: (filter) => orAppError(groupDeadLetters(database, filter)),
    count: (filter) => orAppError(countDeadLetters(database, filter)),
    delete: (id) => orAppError(deleteDeadLetter(database, id)),
    deleteAll: (filter, limit) => orAppError(deleteDeadLetters(database, filter, limit)),
    markReplayed: (id, attempts) => orAppError(markReplayed(database, id, attempts)),
  }
}
