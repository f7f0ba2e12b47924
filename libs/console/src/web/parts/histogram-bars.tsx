import { memo } from '../data/memo.ts'
import type { Bucket, Kind } from './histogram-types.ts'

interface HistogramBarsProps {
  readonly buckets: readonly Bucket[]
  readonly kinds: readonly Kind[]
  readonly max: number
}

/** Units of the drawing from its bottom to its top; it is stretched to its frame. */
const HEIGHT = 1000
/** Share of a bar's room that it leaves free. */
const GAP = 0.15

/** The bars alone, one stack per bucket. */
export const HistogramBars = memo(function HistogramBars({ buckets, kinds, max }: HistogramBarsProps) {
  return (
    <svg viewBox={`0 0 ${buckets.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {buckets.map((bucket, x) => (
        <Stack key={bucket.atMs} bucket={bucket} x={x} kinds={kinds} max={max} />
      ))}
    </svg>
  )
})

function Stack({
  bucket,
  x,
  kinds,
  max,
}: {
  bucket: Bucket
  x: number
  kinds: readonly Kind[]
  max: number
}) {
  let y = HEIGHT
  return (
    <>
      {kinds.map(({ id, class: name }) => {
        const count = bucket.counts[id] ?? 0
        if (count === 0) return null
        const height = Math.max((count / max) * HEIGHT, HEIGHT / 100)
        y -= height
        return <rect key={id} class={name} x={x + GAP / 2} width={1 - GAP} y={y} height={height} />
      })}
    </>
  )
}
