import { useMemo } from 'preact/hooks'
import type { LogStats } from '../../api/logs.ts'
import type { Resource } from '../../data/use-resource.ts'
import { formatDuration } from '../../format/duration.ts'
import { plural } from '../../format/number.ts'
import { Card } from '../../parts/card.tsx'
import { Histogram } from '../../parts/histogram.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Time } from '../../parts/time.tsx'
import { toBuckets } from './to-buckets.ts'

interface LogHistogramProps {
  readonly stats: Resource<LogStats>
  readonly onZoom: (fromMs: number, toMs: number) => void
  readonly onLevel: (level: string) => void
}

/** How many entries of each level, over time. */
export function LogHistogram({ stats, onZoom, onLevel }: LogHistogramProps) {
  return (
    <Card
      class="log-histogram"
      title={
        stats.data && (
          <>
            {plural(stats.data.total, 'entry', 'entries')}{' '}
            <span class="quiet">· a bar is {formatDuration(stats.data.stepMs)}</span>
            {stats.data.countedFrom && (
              <span class="quiet">
                {' '}
                · counted back to <Time at={stats.data.countedFrom} />, older ones are not counted
              </span>
            )}
          </>
        )
      }
    >
      <Loaded resource={stats}>{(data) => <Bars stats={data} onZoom={onZoom} onLevel={onLevel} />}</Loaded>
    </Card>
  )
}

function Bars({
  stats,
  onZoom,
  onLevel,
}: { stats: LogStats } & Pick<LogHistogramProps, 'onZoom' | 'onLevel'>) {
  const { buckets, kinds } = useMemo(() => toBuckets(stats), [stats])
  return (
    <Histogram
      label="Entries over time; arrows choose a bar, Enter zooms into it"
      buckets={buckets}
      kinds={kinds}
      onZoom={onZoom}
      onKind={(id) => !id.startsWith('\0') && onLevel(id)}
    />
  )
}
