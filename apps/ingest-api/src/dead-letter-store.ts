import { type Database, databaseProblem } from '@runnel/repositories-database'
import { findDeadLetter, listDeadLetters, markReplayed } from '@runnel/repositories-events'
import type { DeadLetterStore } from './routes/dead-letters.ts'

/** The dead letters, with trouble of the database told as an AppError. Nothing connects before the first call. */
export function createDeadLetterStore(database: Database): DeadLetterStore {
  const told = async <T>(query: Promise<T>): Promise<T> => {
    try {
      return await query
    } catch (error) {
      throw databaseProblem(error)
    }
  }
  return {
    list: (filter, limit, beforeId) => told(listDeadLetters(database, filter, limit, beforeId)),
    find: (id) => told(findDeadLetter(database, id)),
    markReplayed: (id) => told(markReplayed(database, id)),
  }
}
