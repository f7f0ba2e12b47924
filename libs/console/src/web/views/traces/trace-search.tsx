import { useMemo } from 'preact/hooks'
import { getTraces, type TraceList, type TraceSummary } from '../../api/traces.ts'
import type { TimeRange } from '../../data/time-range.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatLatency } from '../../format/latency.ts'
import { formatCount } from '../../format/number.ts'
import { Badge } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager } from '../../parts/pager.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { ServiceName } from './service-name.tsx'
import { TraceFilters } from './trace-filters.tsx'
import { isFiltered, PAGE_SIZE, searchParams, withoutFilters } from './traces-query.ts'

interface TraceSearchProps {
  readonly query: QueryParams
  readonly range: TimeRange
}

/** A page of traces of which a span matches. */
export function TraceSearch({ query, range }: TraceSearchProps) {
  const { params, href, change } = query
  const cursor = params.get('cursor')
  // At a fixed moment: the key is what was asked for, not when.
  const key = JSON.stringify([searchParams(params, range, 0), cursor])
  const page = useResource(key, (signal) =>
    getTraces({ ...searchParams(params, range, Date.now()), limit: PAGE_SIZE, cursor }, signal),
  )
  const columns = useMemo(() => columnsOf((trace) => href({ trace, cursor: null })), [href])
  return (
    <>
      <TraceFilters query={query} services={servicesOf(page.data)} onAgain={page.reload} />
      <Loaded resource={page}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? (
              <Table
                label="Traces"
                class="traces"
                columns={columns}
                rows={items}
                rowKey={({ traceId }) => traceId}
                onRow={({ traceId }) => change({ trace: traceId })}
              />
            ) : (
              <NoTraces
                filtered={isFiltered(params)}
                hasMore={nextCursor !== null}
                resetHref={href(withoutFilters(params))}
              />
            )}
            <Pager
              first={cursor === null ? undefined : href({ cursor: null })}
              firstLabel="Newest"
              next={nextCursor === null ? undefined : href({ cursor: nextCursor })}
              nextLabel="Older"
            />
          </>
        )}
      </Loaded>
    </>
  )
}

function servicesOf(list: TraceList | undefined): string[] {
  return [...new Set(list?.items.flatMap(({ services }) => services))].sort()
}

function columnsOf(hrefOf: (traceId: string) => string): Column<TraceSummary>[] {
  return [
    { title: 'Start', class: 'narrow', cell: ({ startedAt }) => <Time at={startedAt} millis /> },
    {
      title: 'Trace',
      cell: ({ traceId, root }) => (
        <a href={hrefOf(traceId)} class="row-link">
          {root.name || '(no name)'}
        </a>
      ),
    },
    {
      title: 'Services',
      class: 'wide-only',
      cell: ({ services }) => services.map((name) => <ServiceName key={name} name={name} />),
    },
    {
      title: 'Spans',
      align: 'right',
      cell: ({ spans, more }) => `${formatCount(spans)}${more ? '+' : ''}`,
    },
    {
      title: 'Errors',
      align: 'right',
      cell: ({ errors }) =>
        errors === 0 ? <span class="quiet">–</span> : <Badge tone="bad">{formatCount(errors)}</Badge>,
    },
    { title: 'Duration', align: 'right', cell: ({ durationMs }) => formatLatency(durationMs) },
  ]
}

interface NoTracesProps {
  readonly filtered: boolean
  readonly hasMore: boolean
  readonly resetHref: string
}

function NoTraces({ filtered, hasMore, resetHref }: NoTracesProps) {
  if (hasMore)
    return (
      <Empty title="No trace on this page.">All of them are on newer pages; older ones may follow.</Empty>
    )
  if (filtered) {
    return (
      <Empty title="Nothing matches in this range.">
        Try a longer range, or <a href={resetHref}>remove the filters</a>.
      </Empty>
    )
  }
  return (
    <Empty title="There are no traces in this range.">
      They appear here once spans are posted to <code>/api/v1/traces</code>, or to <code>/v1/traces</code> as
      OpenTelemetry does, of the ingest API.
    </Empty>
  )
}
