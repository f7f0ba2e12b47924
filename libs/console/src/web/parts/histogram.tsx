import { formatCount, formatShort } from '../format/number.ts'
import { formatDateTime, formatTick } from '../format/time.ts'
import { HistogramBars } from './histogram-bars.tsx'
import { HistogramLegend } from './histogram-legend.tsx'
import type { Bucket, Kind } from './histogram-types.ts'
import { useDragRange } from './use-drag-range.ts'
import { timeTicks } from '../format/time-ticks.ts'

/** Ticks that a narrow screen has room for. */
const MAX_TICKS = 6

/** The times below the bars. */
function HistogramAxis({ startMs, endMs }: { startMs: number; endMs: number }) {
  const { stepMs, ticksMs } = timeTicks(startMs, endMs, MAX_TICKS)
  return (
    <div class="histogram-axis" aria-hidden="true">
      {ticksMs.map((atMs) => {
        const share = (atMs - startMs) / (endMs - startMs)
        return (
          <span key={atMs} class={edgeOf(share)} style={{ left: `${share * 100}%` }}>
            {formatTick(atMs, stepMs)}
          </span>
        )
      })}
    </div>
  )
}

/** Half of what a label takes of a narrow screen. */
const EDGE = 0.08

/** At an edge a label stands beside its tick: around it, it would be cut off. */
function edgeOf(share: number): string | undefined {
  if (share < EDGE) return 'at-start'
  return share > 1 - EDGE ? 'at-end' : undefined
}

interface HistogramProps {
  /** What is counted, for who cannot see it. */
  readonly label: string
  readonly buckets: readonly Bucket[]
  readonly kinds: readonly Kind[]
  /** Called with the stretch that was dragged over, or the bar that Enter was pressed on. */
  readonly onZoom?: ((fromMs: number, toMs: number) => void) | undefined
  readonly onKind?: ((id: string) => void) | undefined
}

/** Counts over time as stacked bars. Dragging zooms; with keys the arrows choose a bar and Enter zooms into it. */
export function Histogram({ label, buckets, kinds, onZoom, onKind }: HistogramProps) {
  const zoom = (first: number, last: number) => onZoom?.(buckets[first]!.atMs, buckets[last]!.endMs)
  const { drag, hover, setHover, handlers } = useDragRange({ count: buckets.length, onDone: zoom })
  const max = Math.max(1, ...buckets.map((bucket) => bucket.total))
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (event.key === 'Enter' && hover !== undefined) zoom(hover, hover)
    if (step === 0) return
    event.preventDefault()
    setHover(Math.min(buckets.length - 1, Math.max(0, (hover ?? -1) + step)))
  }
  const shown = hover === undefined ? undefined : buckets[hover]
  const marked = drag ?? (hover === undefined ? undefined : ([hover, hover] as const))
  return (
    <figure class="histogram">
      {buckets.some(({ total }) => total > 0) && (
        <span class="histogram-max" aria-hidden="true">
          {formatShort(max)}
        </span>
      )}
      <div
        class="histogram-plot"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, buckets.length - 1)}
        aria-valuenow={hover ?? 0}
        aria-valuetext={shown ? describe(shown) : 'no bar chosen'}
        onKeyDown={onKeyDown}
        onBlur={() => setHover(undefined)}
        {...handlers}
      >
        <HistogramBars buckets={buckets} kinds={kinds} max={max} />
        {marked && <div class={drag ? 'mark drag' : 'mark'} style={place(marked, buckets.length)} />}
      </div>
      <HistogramAxis startMs={buckets[0]?.atMs ?? 0} endMs={buckets.at(-1)?.endMs ?? 0} />
      <HistogramLegend kinds={kinds} buckets={buckets} shown={shown} onKind={onKind} />
    </figure>
  )
}

function describe({ atMs, total }: Bucket): string {
  return `${formatDateTime(atMs)}: ${formatCount(total)}`
}

function place([a, b]: readonly [number, number], count: number) {
  const [first, last] = [Math.min(a, b), Math.max(a, b)]
  return { left: `${(first / count) * 100}%`, width: `${((last - first + 1) / count) * 100}%` }
}
