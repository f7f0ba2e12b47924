import { orAborted } from '@runnel/runtime'

/**
 * What can be done without, once it fails or takes too long.
 *
 * @param onFailure receives why there is nothing: the error, or a TimeoutError
 * @returns undefined then; what was begun goes on
 */
export async function inTime<T>(
  work: Promise<T>,
  patienceMs: number,
  onFailure: (error: unknown) => void,
): Promise<T | undefined> {
  const late = AbortSignal.timeout(patienceMs)
  try {
    const result = await orAborted(work, late)
    if (result === undefined && late.aborted) onFailure(late.reason)
    return result
  } catch (error) {
    onFailure(error)
    return undefined
  }
}
