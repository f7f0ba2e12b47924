import { AppError } from '@runnel/contracts'
import type { DecodeLimits } from '../../wire-format.ts'

/**
 * Counts what the texts of a body's events come to, while they are made: a large set of labels that many small events share would
 * come to gigabytes.
 */
export class TextLimit {
  readonly #limitChars: number
  #chars = 0

  constructor({ textsLimitChars }: Pick<DecodeLimits, 'textsLimitChars'>) {
    this.#limitChars = textsLimitChars
  }

  /** Of all texts so far. */
  get chars(): number {
    return this.#chars
  }

  /** @throws AppError body_too_large, of the body as a whole */
  add({ length }: { readonly length: number }): void {
    this.#chars += length
    if (this.#chars <= this.#limitChars) return
    throw new AppError(
      'body_too_large',
      `The events of the body come to more than ${this.#limitChars} characters`,
      { expected: 'fewer events, or fewer labels and attributes that they share' },
    )
  }
}
