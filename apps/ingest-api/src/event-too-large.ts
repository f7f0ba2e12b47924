import { AppError } from '@runnel/contracts'

/** @returns the error of one event, which costs its neighbours nothing */
export function eventTooLarge(limitBytes: number): AppError {
  return new AppError('body_too_large', `The event is larger than ${limitBytes} bytes`, {
    expected: `at most ${limitBytes} bytes`,
  })
}
