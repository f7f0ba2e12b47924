/** The loader is silent for too long, and something else can be served. */
class LoaderSilentError extends Error {
  constructor() {
    super('The loader has not answered in time')
    this.name = 'LoaderSilentError'
  }
}

/**
 * Waits for a promise, but gives up after a while if there is an alternative by then.
 *
 * @param patienceMs may be negative: then the alternative counts at once
 * @throws LoaderSilentError on giving up, or what the promise throws
 */
export async function withPatience<T>(
  promise: Promise<T>,
  patienceMs: number,
  hasAlternative: () => boolean,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const impatient = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        if (hasAlternative()) reject(new LoaderSilentError())
      },
      Math.max(0, patienceMs),
    )
  })
  try {
    return await Promise.race([promise, impatient])
  } finally {
    clearTimeout(timer)
  }
}
