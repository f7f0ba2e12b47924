/** A promise of Runnel that did not hold. */
export class BrokenPromiseError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BrokenPromiseError'
  }
}

/** @throws BrokenPromiseError with the message, unless the condition holds */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BrokenPromiseError(message)
}
