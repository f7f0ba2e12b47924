import { formatDateTime } from '../format/time.ts'

/** A moment in the reader's zone; the exact one in UTC on hover. */
export function Time({ at, millis = false }: { at: string; millis?: boolean }) {
  const timeMs = Date.parse(at)
  const text = Number.isNaN(timeMs) ? at : formatDateTime(timeMs, millis)
  return (
    <time dateTime={at} title={at} class="time">
      {text}
    </time>
  )
}
