import { useRef, useState } from 'preact/hooks'
import { ApiError } from '../api/api-error.ts'

/** Something that writes, and how that is going. */
export interface Action<A extends unknown[]> {
  /** Does it, unless it is under way already: a double click is one. */
  readonly run: (...args: A) => void
  readonly busy: boolean
  readonly error: ApiError | undefined
  /** Forgets the error. */
  readonly reset: () => void
}

/** @param act writes and reports its success; what it throws is kept as the error */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<void>): Action<A> {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const running = useRef(false)
  const run = (...args: A) => {
    if (running.current) return
    running.current = true
    setBusy(true)
    setError(undefined)
    act(...args)
      .catch((thrown: unknown) => setError(toApiError(thrown)))
      .finally(() => {
        running.current = false
        setBusy(false)
      })
  }
  return { run, busy, error, reset: () => setError(undefined) }
}

function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof DOMException && error.name === 'AbortError') return undefined
  if (error instanceof ApiError) return error
  const detail = error instanceof Error ? error.message : 'Something unexpected happened'
  return new ApiError({ status: 0, code: 'unexpected', detail }, error)
}
