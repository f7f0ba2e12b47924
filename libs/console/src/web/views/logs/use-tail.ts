import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from '../../api/api-error.ts'
import type { LogEntry } from '../../api/logs.ts'
import { nextLoadMs } from '../../data/next-load.ts'
import { readEvents, type EventSubscription } from '../../data/read-events.ts'
import { TailBuffer } from './tail-buffer.ts'

export interface Tail {
  readonly lines: readonly LogEntry[]
  /** Lines that have come while it rests. */
  readonly waiting: number
  readonly dropped: number
  readonly missed: number
  readonly open: boolean
  /** Why it is not open. */
  readonly error: ApiError | undefined
}

/** How often new lines are drawn. */
const DRAW_MS = 250
const RECONNECT_MS = 2000
const EMPTY: Tail = { lines: [], waiting: 0, dropped: 0, missed: 0, open: false, error: undefined }

/**
 * Follows a stream of log entries for as long as the component lives; connects again by itself.
 *
 * @param resting lines that come stay out of the list, unless that is empty
 * @param held they do in any case
 */
export function useTail(url: string, resting: boolean, held: boolean): Tail {
  const [tail, setTail] = useState(EMPTY)
  const isPaused = useRef<(isEmpty: boolean) => boolean>(() => false)
  isPaused.current = (isEmpty) => held || (resting && !isEmpty)
  useEffect(() => {
    const abort = new AbortController()
    const buffer = new TailBuffer()
    setTail(EMPTY)
    const draw = () => {
      if (!isPaused.current(buffer.lines.length === 0)) buffer.flush()
      const { lines, waiting, dropped, missed } = buffer
      setTail((before) => (isSame(before, buffer) ? before : { ...before, lines, waiting, dropped, missed }))
    }
    const timer = setInterval(draw, DRAW_MS)
    void follow(url, abort.signal, buffer, (open, error) => setTail((before) => ({ ...before, open, error })))
    return () => {
      abort.abort()
      clearInterval(timer)
    }
  }, [url])
  return tail
}

function isSame(tail: Tail, buffer: TailBuffer): boolean {
  const names = ['lines', 'waiting', 'dropped', 'missed'] as const
  return names.every((name) => tail[name] === buffer[name])
}

/** Connects, and again whenever the connection ends, until the trouble is one that stays. */
async function follow(
  url: string,
  signal: AbortSignal,
  buffer: TailBuffer,
  tell: (open: boolean, error: ApiError | undefined) => void,
): Promise<void> {
  const subscription: EventSubscription = {
    url,
    onOpen: () => tell(true, undefined),
    onEvents: (events) => buffer.push(events),
  }
  while (!signal.aborted) {
    const error = await readEvents(subscription, signal).then(() => undefined, toApiError)
    if (signal.aborted) return
    tell(false, error)
    const waitMs = nextLoadMs(error, RECONNECT_MS)
    if (waitMs === undefined) return
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError({ status: 0, code: 'unreachable', detail: 'The connection was lost' }, error)
}
