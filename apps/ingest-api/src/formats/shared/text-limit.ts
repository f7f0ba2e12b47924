import { AppError } from '@runnel/contracts'

/** Characters that the events of one body may come to. */
const MAX_TEXT_CHARS = 64 * 1024 ** 2

/**
 * For protocols in which many events share what is written once: a large set of labels and many small samples would come to
 * gigabytes.
 *
 * @param chars of all events so far
 * @throws AppError body_too_large
 */
export function requireTextSize(chars: number): void {
  if (chars <= MAX_TEXT_CHARS) return
  throw new AppError(
    'body_too_large',
    `The events of the body come to more than ${MAX_TEXT_CHARS} characters`,
    {
      expected: 'fewer events, or fewer labels',
    },
  )
}
