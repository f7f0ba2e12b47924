import { useCallback, useMemo, useState } from 'preact/hooks'
import { getTrace, type Trace } from '../../api/traces.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatLatency } from '../../format/latency.ts'
import { plural } from '../../format/number.ts'
import { Badge } from '../../parts/badge.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Time } from '../../parts/time.tsx'
import { ServiceName } from './service-name.tsx'
import { SpanPanel } from './span-panel.tsx'
import { buildTree, visibleRows, type SpanNode } from './span-tree.ts'
import { Waterfall } from './waterfall.tsx'

interface TraceViewProps {
  readonly id: string
  readonly query: QueryParams
}

/** One trace as a waterfall, with the selected span beside it. */
export function TraceView({ id, query }: TraceViewProps) {
  const trace = useResource(id, (signal) => getTrace(id, signal))
  return <Loaded resource={trace}>{(data) => <OneTrace trace={data} query={query} />}</Loaded>
}

function OneTrace({
  trace,
  query: { params, change },
}: {
  readonly trace: Trace
  readonly query: QueryParams
}) {
  const { traceId, spans } = trace
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const tree = useMemo(() => buildTree(spans), [spans])
  const rows = useMemo(() => visibleRows(tree.rows, folded), [tree, folded])
  const selected = params.get('span') ?? undefined
  const onSelect = useCallback((span: string) => change({ span }, true), [change])
  const onFold = useCallback(
    (spanId: string, fold: boolean) =>
      setFolded((before) => {
        const next = new Set(before)
        if (fold) next.add(spanId)
        else next.delete(spanId)
        return next
      }),
    [],
  )
  return (
    <>
      <TraceHead trace={trace} durationMs={tree.durationMs} />
      <div class="toolbar">
        <button type="button" onClick={() => setFolded(new Set())}>
          Unfold all
        </button>
        <button type="button" onClick={() => setFolded(allBelowRoots(tree.rows))}>
          Fold all
        </button>
        <CopyButton label="Copy trace id" text={() => traceId} />
        <a href={logsHref(trace)}>Logs of this trace</a>
      </div>
      <Waterfall
        rows={rows}
        folded={folded}
        durationMs={tree.durationMs}
        selected={selected}
        onSelect={onSelect}
        onFold={onFold}
      />
      {selected !== undefined && (
        <SpanPanel
          key={selected}
          traceId={traceId}
          spanId={selected}
          logsHref={logsHref(trace)}
          onClose={() => change({ span: null }, true)}
        />
      )}
    </>
  )
}

/** What stays is what the roots call. */
function allBelowRoots(rows: readonly SpanNode[]): ReadonlySet<string> {
  return new Set(rows.filter(({ level, below }) => level > 1 && below > 0).map(({ span }) => span.spanId))
}

function TraceHead({ trace: { traceId, spans, more }, durationMs }: { trace: Trace; durationMs: number }) {
  const errors = spans.filter(({ status }) => status === 'error').length
  const services = [...new Set(spans.map(({ service }) => service))].sort()
  return (
    <>
      <Facts
        facts={[
          [
            'Id',
            <span key="id" class="mono">
              {traceId}
            </span>,
          ],
          ['Start', <Time key="start" at={spans[0]?.startedAt ?? ''} millis />],
          ['Duration', formatLatency(durationMs)],
          ['Spans', `${plural(spans.length, 'span')}${more ? ', and more that began later' : ''}`],
          ['Errors', errors === 0 ? 'none' : <Badge tone="bad">{plural(errors, 'error')}</Badge>],
          ['Services', services.map((name) => <ServiceName key={name} name={name} />)],
        ]}
      />
    </>
  )
}

/** What loggers write may lie before and after the spans. */
const BESIDE_MS = 3_600_000

function logsHref({ traceId, spans }: Trace): string {
  const times = spans.map(({ startedAt }) => Date.parse(startedAt))
  const lastMs = spans.reduce((last, { durationMs }, i) => Math.max(last, times[i]! + durationMs), 0)
  const query = new URLSearchParams({
    trace: traceId,
    from: new Date((times[0] ?? 0) - BESIDE_MS).toISOString(),
    to: new Date(Math.min(lastMs, Date.now()) + BESIDE_MS).toISOString(),
  })
  return `/console/logs?${query}`
}
