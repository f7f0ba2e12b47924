import { formatCount } from '../format/number.ts'
import { formatDateTime } from '../format/time.ts'
import type { Bucket, Kind } from './histogram-types.ts'

interface HistogramLegendProps {
  readonly kinds: readonly Kind[]
  readonly buckets: readonly Bucket[]
  /** The bar that is pointed at; undefined shows the sums of all. */
  readonly shown: Bucket | undefined
  readonly onKind?: ((id: string) => void) | undefined
}

/** What the colours mean, with the counts of one bar or of all. */
export function HistogramLegend({ kinds, buckets, shown, onKind }: HistogramLegendProps) {
  const bars = shown ? [shown] : buckets
  const sum = (id: string) => bars.reduce((total, bucket) => total + (bucket.counts[id] ?? 0), 0)
  const text = ({ id, label, class: name }: Kind) => (
    <>
      <i class={`dot ${name}`} aria-hidden="true" />
      {label} <b>{formatCount(sum(id))}</b>
    </>
  )
  return (
    <figcaption class="legend">
      <span class="legend-title">{shown ? formatDateTime(shown.atMs) : 'All'}</span>
      {kinds.map((kind) =>
        onKind ? (
          <button key={kind.id} type="button" class="plain" onClick={() => onKind(kind.id)}>
            {text(kind)}
          </button>
        ) : (
          <span key={kind.id}>{text(kind)}</span>
        ),
      )}
    </figcaption>
  )
}
