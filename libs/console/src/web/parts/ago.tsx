import { useEffect, useState } from 'preact/hooks'
import { formatAgo } from '../format/time.ts'

const TICK_MS = 5000

/** How long ago a moment was; goes on by itself. */
export function Ago({ at }: { at: string }) {
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={at} title={at} class="time">
      {formatAgo(Date.parse(at), Math.max(nowMs, Date.now()))}
    </time>
  )
}
