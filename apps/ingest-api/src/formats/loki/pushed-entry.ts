import { AppError, type JsonObject } from '@runnel/contracts'

/** Labels of a stream, and metadata of an entry, in characters or bytes of what is sent. Loki's own limits are lower. */
const MAX_LABELS_SIZE = 65_536

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

/** Texts of events may be larger than the body that they came in, for each has the labels of its stream. */
const MAX_GROWTH = 10

/** Counts what the events of a body become together, before they are made. */
export class GrowthLimit {
  readonly #limitSize: number
  #size = 0

  constructor(bodyLimitBytes: number) {
    this.#limitSize = bodyLimitBytes * MAX_GROWTH
  }

  /** @throws AppError body_too_large */
  add(size: number): void {
    this.#size += size
    if (this.#size <= this.#limitSize) return
    throw new AppError(
      'body_too_large',
      `The entries become more than ${this.#limitSize} bytes with their labels`,
      {
        expected: 'fewer entries in a request',
      },
    )
  }
}
