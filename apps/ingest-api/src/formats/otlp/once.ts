/**
 * Reads what many records share when the first one needs it.
 *
 * @returns a function that gives the same value each time; an error is that of each of them
 */
export function once<T>(read: () => T): () => T {
  let known: { readonly value: T } | undefined
  let failure: { readonly error: unknown } | undefined
  return () => {
    if (failure !== undefined) throw failure.error
    if (known !== undefined) return known.value
    try {
      known = { value: read() }
      return known.value
    } catch (error) {
      failure = { error }
      throw error
    }
  }
}
