import { type Database, databaseProblem } from '@runnel/repositories-database'
import { findDeadLetter, listDeadLetters, markReplayed } from '@runnel/repositories-events'
import type { DeadLetterStore } from './routes/dead-letters.ts'

/** The dead letters; errors of the database become an AppError. Nothing connects before the first call. */
export function createDeadLetterStore(database: Database): DeadLetterStore {
  const orAppError = async <T>(query: Promise<T>): Promise<T> => {
    try {
      return await query
    } catch (error) {
      throw databaseProblem(error)
    }
  }
  return {
    list: (filter, limit, beforeId) => orAppError(listDeadLetters(database, filter, limit, beforeId)),
    find: (id) => orAppError(findDeadLetter(database, id)),
    markReplayed: (id, attempts) => orAppError(markReplayed(database, id, attempts)),
  }
}
