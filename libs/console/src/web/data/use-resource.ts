import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from '../api/api-error.ts'
import type { Answer } from '../api/get-json.ts'
import { nextLoadMs } from './next-load.ts'

/** Something that is read from the server, and how that is going. */
export interface Resource<T> {
  /** The last that was read; kept while the next is under way or fails. */
  readonly data: T | undefined
  /** What `data` was read for. */
  readonly dataKey: string | undefined
  readonly error: ApiError | undefined
  readonly loading: boolean
  readonly stale: boolean
  readonly loadedAtMs: number | undefined
  /** Reads again now. */
  readonly reload: () => void
}

export interface ResourceOptions<T> {
  /** Reads again this long after each answer, while the page can be seen; may depend on the answer. */
  readonly refreshMs?: number | ((data: T) => number | undefined) | undefined
}

type State<T> = Omit<Resource<T>, 'reload'>

const NOTHING = { data: undefined, dataKey: undefined, error: undefined, stale: false, loadedAtMs: undefined }

/**
 * Reads for as long as the component lives. A new key ends what is under way; trouble that passes is tried again by
 * itself.
 *
 * @param key everything the answer depends on; undefined reads nothing
 */
export function useResource<T>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<Answer<T>>,
  { refreshMs }: ResourceOptions<T> = {},
): Resource<T> {
  const [state, setState] = useState<State<T>>({ ...NOTHING, loading: key !== undefined })
  const [turn, setTurn] = useState(0)
  const visible = useVisible()
  const latest = useRef(load)
  latest.current = load
  const reload = useCallback(() => setTurn((n) => n + 1), [])

  useEffect(() => {
    if (key === undefined) return setState({ ...NOTHING, loading: false })
    const abort = new AbortController()
    setState((before) => ({ ...before, loading: true }))
    latest.current(abort.signal).then(
      ({ data, stale }) => {
        if (abort.signal.aborted) return
        setState({ data, dataKey: key, stale, error: undefined, loading: false, loadedAtMs: Date.now() })
      },
      (error: unknown) => {
        if (abort.signal.aborted) return
        // What was read for something else would stand under this error as if it belonged to it.
        setState((before) => ({
          ...(before.dataKey === key ? before : NOTHING),
          error: toApiError(error),
          loading: false,
        }))
      },
    )
    return () => abort.abort()
  }, [key, turn])

  const everyMs = typeof refreshMs === 'function' ? refreshOf(state.data, refreshMs) : refreshMs
  const waitMs = state.loading || key === undefined ? undefined : nextLoadMs(state.error, everyMs)
  useEffect(() => {
    if (waitMs === undefined || !visible) return
    const timer = setTimeout(reload, waitMs)
    return () => clearTimeout(timer)
  }, [waitMs, visible, state])

  return { ...state, reload }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError({ status: 0, code: 'unreadable', detail: 'The answer could not be read' }, error)
}

function refreshOf<T>(data: T | undefined, refreshMs: (data: T) => number | undefined): number | undefined {
  return data === undefined ? undefined : refreshMs(data)
}

/** Whether the page can be seen: nothing polls behind other tabs. */
function useVisible(): boolean {
  const [visible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const update = () => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', update)
    return () => document.removeEventListener('visibilitychange', update)
  }, [])
  return visible
}
