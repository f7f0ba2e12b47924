import { AppError } from '@runnel/contracts'
import { databaseProblem } from '@runnel/repositories'

/** Asks the database something. @throws AppError too_busy, and whatever else {@link databaseProblem} makes of a failure */
export type Ask = <T>(question: () => Promise<T>) => Promise<T>

/**
 * A pool keeps any number of queries waiting; here the number has a bound.
 *
 * @param maxQuestions that may run or wait at once
 */
export function createAsk(maxQuestions: number): Ask {
  let questions = 0
  return async (question) => {
    if (questions >= maxQuestions) {
      const message = 'Too many requests are waiting for the database'
      throw new AppError('too_busy', message, { retryAfterMs: 1000 })
    }
    questions++
    try {
      return await question()
    } catch (error) {
      throw databaseProblem(error)
    } finally {
      questions--
    }
  }
}
