import { AppError } from '@runnel/contracts'
import { LogQueryError, parseField, type FieldPath } from '@runnel/contracts/log-query'

const EXPECTED = 'a field as it is written in a query, e.g. level, service, user.id or user."full name"'

/** @param field the parameter. @throws AppError invalid_field */
export function parseFieldName(text: string, field: string): FieldPath {
  try {
    const path = parseField(text)
    if (path) return path
  } catch (error) {
    if (!(error instanceof LogQueryError)) throw error
  }
  throw new AppError('invalid_field', `${field} is not the name of a field: expected ${EXPECTED}`, {
    field,
    expected: EXPECTED,
  })
}
