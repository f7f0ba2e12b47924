import { useMemo } from 'preact/hooks'
import { getOperations, getServiceMap, type Operations, type ServiceMap } from '../../api/traces.ts'
import { rangeParams, type TimeRange } from '../../data/time-range.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatLatency } from '../../format/latency.ts'
import { formatCount, formatPercent, formatValue } from '../../format/number.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { ServiceName } from './service-name.tsx'

type Latency = Omit<ServiceMap['services'][number], 'service'>
type Service = ServiceMap['services'][number]
type Edge = ServiceMap['edges'][number]
type Operation = Operations['items'][number]

interface ServiceTablesProps {
  readonly query: QueryParams
  readonly range: TimeRange
}

/** Which services there are, who calls whom, and what they do, with how often, how well and how fast. */
export function ServiceTables({ query: { params, href }, range }: ServiceTablesProps) {
  const service = params.get('service')
  const key = JSON.stringify(rangeParams(range, 0))
  const map = useResource(key, (signal) => getServiceMap(rangeParams(range, Date.now()), signal))
  const operations = useResource(`${key} ${service}`, (signal) =>
    getOperations({ ...rangeParams(range, Date.now()), service }, signal),
  )
  const columns = useMemo(() => columnsOf(href), [href])
  return (
    <>
      <Loaded resource={map}>
        {({ services, edges, truncated }) =>
          services.length === 0 ? (
            <Empty title="Nothing was counted in this range." />
          ) : (
            <>
              <h2>Services</h2>
              <Table
                label="Services"
                columns={columns.services}
                rows={services}
                rowKey={(one) => one.service}
              />
              <h2>Calls between services</h2>
              {edges.length > 0 ? (
                <Table
                  label="Calls between services"
                  columns={columns.edges}
                  rows={edges}
                  rowKey={({ caller, callee }) => JSON.stringify([caller, callee])}
                />
              ) : (
                <p class="quiet">
                  No calls yet: a call is counted once the spans of both services have arrived.
                </p>
              )}
              {truncated && <p class="quiet">Only the busiest are shown.</p>}
            </>
          )
        }
      </Loaded>
      <h2>
        Operations{service === null ? '' : ` of ${service}`}{' '}
        {service !== null && <a href={href({ service: null })}>of all services</a>}
      </h2>
      <Loaded resource={operations}>
        {({ items, truncated }) => (
          <>
            <Table
              label="Operations"
              columns={columns.operations}
              rows={items}
              rowKey={({ service: of, operation, kind }) => JSON.stringify([of, operation, kind])}
            />
            {truncated && <p class="quiet">Only the busiest are shown.</p>}
          </>
        )}
      </Loaded>
    </>
  )
}

function columnsOf(href: QueryParams['href']) {
  const services: Column<Service>[] = [
    {
      title: 'Service',
      cell: ({ service }) => (
        <a href={href({ service })}>
          <ServiceName name={service} />
        </a>
      ),
    },
    ...latencyColumns<Service>('Requests'),
  ]
  const edges: Column<Edge>[] = [
    { title: 'Caller', cell: ({ caller }) => <ServiceName name={caller} /> },
    { title: 'Called', cell: ({ callee }) => <ServiceName name={callee} /> },
    ...latencyColumns<Edge>('Calls'),
  ]
  const operations: Column<Operation>[] = [
    { title: 'Service', cell: ({ service }) => <ServiceName name={service} /> },
    {
      title: 'Operation',
      cell: ({ service, operation }) => (
        <a href={href({ service, operation, view: null })}>{operation || '(no name)'}</a>
      ),
    },
    { title: 'Kind', class: 'wide-only', cell: ({ kind }) => kind },
    ...latencyColumns<Operation>('Spans'),
  ]
  return { services, edges, operations }
}

function latencyColumns<T extends Latency>(counted: string): Column<T>[] {
  const latency = (title: string, of: (row: T) => number): Column<T> => ({
    title,
    align: 'right',
    cell: (row) => formatLatency(of(row)),
  })
  return [
    { title: counted, align: 'right', cell: ({ count }) => formatCount(count) },
    {
      title: 'Per second',
      align: 'right',
      class: 'wide-only',
      cell: ({ perSecond }) => formatValue(Number(perSecond.toPrecision(3))),
    },
    { title: 'Failed', align: 'right', cell: ({ count, errors }) => formatPercent(errors / count) },
    { ...latency('Mean', ({ meanMs }) => meanMs), class: 'wide-only' },
    latency('Median', ({ p50Ms }) => p50Ms),
    latency('95 %', ({ p95Ms }) => p95Ms),
    latency('99 %', ({ p99Ms }) => p99Ms),
  ]
}
