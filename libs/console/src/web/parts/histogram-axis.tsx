import { formatTick } from '../format/time.ts'
import { timeTicks } from '../format/time-ticks.ts'

/** Ticks that a narrow screen has room for. */
const MAX_TICKS = 6

/** The times below the bars. */
export function HistogramAxis({ startMs, endMs }: { startMs: number; endMs: number }) {
  const { stepMs, ticksMs } = timeTicks(startMs, endMs, MAX_TICKS)
  return (
    <div class="histogram-axis" aria-hidden="true">
      {ticksMs.map((atMs) => (
        <span key={atMs} style={{ left: `${((atMs - startMs) / (endMs - startMs)) * 100}%` }}>
          {formatTick(atMs, stepMs)}
        </span>
      ))}
    </div>
  )
}
