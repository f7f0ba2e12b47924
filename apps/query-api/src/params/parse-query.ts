import { AppError } from '@runnel/contracts'
import { LogQueryError, parseLogQuery, type LogQuery } from '@runnel/contracts/log-query'

/** @throws AppError invalid_query, with the place of the trouble */
export function parseQuery(text: string): LogQuery {
  try {
    return parseLogQuery(text)
  } catch (error) {
    if (!(error instanceof LogQueryError)) throw error
    const { reason, position, expected, message } = error
    throw new AppError('invalid_query', `${message}, at character ${position + 1}: expected ${expected}`, {
      field: 'query',
      expected,
      extra: { reason, position },
    })
  }
}
