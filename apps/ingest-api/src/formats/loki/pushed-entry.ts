import { AppError, type JsonObject } from '@runnel/contracts'

/** Labels of a stream, and metadata of an entry, in characters or bytes of what is sent. Loki's own limits are lower. */
export const MAX_LABELS_SIZE = 65_536

/** One line as it was pushed. */
export interface PushedEntry {
  /** Of its stream. */
  readonly labels: JsonObject
  /** Since 1970; 0 where it is not known. */
  readonly nanos: bigint
  readonly line: string
  /** Structured metadata; undefined where there is none. */
  readonly metadata: JsonObject | undefined
}

/** @throws AppError of the entries of a stream, or of one entry, whose labels are too large */
export function requireSmallLabels(size: number): void {
  if (size <= MAX_LABELS_SIZE) return
  throw new AppError('text_too_long', 'The labels or the metadata are too large', {
    expected: `at most ${MAX_LABELS_SIZE} characters`,
  })
}

/** @returns the error of an entry */
export function malformedEntry(expected: string): AppError {
  return new AppError('invalid_field', 'The entry cannot be read', { expected })
}

/** @returns the error of a body */
export function malformedPush(cause?: unknown): AppError {
  return new AppError('bad_request', 'The body is no push request of Loki', { expected: 'streams' }, cause)
}

/** What is thrown inside of a record costs that record. @throws what is no AppError */
export function asRecord<T>(read: () => T): T | AppError {
  try {
    return read()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
