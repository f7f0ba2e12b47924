import { useLocation } from 'preact-iso'
import { useMemo, useState } from 'preact/hooks'
import { getDashboard, type Dashboard } from '../../../api/dashboards.ts'
import { getMetricNames } from '../../../api/metrics.ts'
import { hrefOf, changeQuery } from '../../../data/change-query.ts'
import { absoluteChanges } from '../../../data/time-range.ts'
import { useUnsaved } from '../../../data/leave-guard.tsx'
import { useQueryParams } from '../../../data/use-query-params.ts'
import { useRange } from '../../../data/use-range.ts'
import { useResource } from '../../../data/use-resource.ts'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { Needs } from '../../../parts/needs.tsx'
import { Page } from '../../../parts/page.tsx'
import { TimeRangePicker } from '../../../parts/time-range-picker.tsx'
import { readMarkKinds } from '../marks/mark-choice.ts'
import { MarkList } from '../marks/mark-list.tsx'
import { MarkSelect } from '../marks/mark-select.tsx'
import { NO_MARKS, useMarks } from '../marks/use-marks.ts'
import { dashboardHref, DASHBOARDS, METRICS } from '../metrics-path.ts'
import { MetricsTabs } from '../metrics-tabs.tsx'
import { readRefreshMs, RefreshSelect } from '../refresh-select.tsx'
import { DashboardCard } from './dashboard-card.tsx'
import { draftOf, isChanged, keyed, type DashboardDraft } from './dashboard-draft.ts'
import { DashboardEditor } from './dashboard-editor.tsx'
import { EditedCard } from './edited-card.tsx'

/** One dashboard. Which stretch of time it shows is in the address, so that a link leads to the same. */
export function DashboardView({ id }: { id: number }) {
  const query = useQueryParams()
  const { params, change } = query
  const times = useRange(query)
  const read = useResource(`dashboard ${id}`, (signal) => getDashboard(id, signal))
  const [saved, setSaved] = useState<Dashboard>()
  const [draft, setDraft] = useState<DashboardDraft>()
  const newest = saved && saved.version > (read.data?.version ?? 0) ? saved : read.data
  const { route } = useLocation()
  const dropChanges = useUnsaved(draft !== undefined && newest !== undefined && isChanged(draft, newest))
  const link = () =>
    location.origin + hrefOf(dashboardHref(id), changeQuery(params, absoluteChanges(times.range, Date.now())))
  return (
    <Page
      title={newest?.name ?? 'Dashboard'}
      actions={
        <>
          <MarkSelect query={query} />
          <RefreshSelect value={params.get('refresh') ?? ''} onChange={(refresh) => change({ refresh })} />
          <TimeRangePicker {...times} />
          <CopyButton label="Copy link" text={link} />
          {newest && !draft && (
            <Needs scope="dashboards:write">
              <button type="button" onClick={() => setDraft(draftOf(newest))}>
                Edit
              </button>
            </Needs>
          )}
        </>
      }
    >
      <MetricsTabs current="dashboards" />
      {draft && (
        <DashboardEditor
          id={id}
          draft={draft}
          onChange={setDraft}
          onSaved={(dashboard) => {
            setSaved(dashboard)
            setDraft(undefined)
          }}
          onCancel={() => {
            setDraft(undefined)
            read.reload()
          }}
          onDeleted={() => {
            dropChanges()
            route(DASHBOARDS)
          }}
        />
      )}
      <Loaded resource={{ ...read, data: newest }}>
        {({ charts }) => (
          <Charts charts={charts} draft={draft} onDraft={setDraft} params={params} times={times} />
        )}
      </Loaded>
    </Page>
  )
}

interface ChartsProps {
  readonly charts: Dashboard['charts']
  readonly draft: DashboardDraft | undefined
  readonly onDraft: (draft: DashboardDraft) => void
  readonly params: URLSearchParams
  readonly times: ReturnType<typeof useRange>
}

function Charts({ charts, draft, onDraft, params, times }: ChartsProps) {
  // Units, and when there was a value last.
  const names = useResource('names', getMetricNames)
  const known = useMemo(() => new Map(names.data?.items.map((item) => [item.name, item])), [names.data])
  const refreshMs = readRefreshMs(params)
  const kinds = readMarkKinds(params)
  const marks = useMarks(kinds, times.range, refreshMs)
  const shown = draft?.charts ?? keyed(charts)
  if (shown.length === 0)
    return (
      <Empty title="This dashboard has no charts yet.">
        <a href={METRICS}>Explore metrics</a>, and pin the charts that you want to keep.
      </Empty>
    )
  const shared = { known, params, times, refreshMs, marks: marks.data?.marks ?? NO_MARKS }
  return (
    <>
      {kinds.length > 0 && <MarkList resource={marks} />}
      <div class="dashboard">
        {shown.map((one) =>
          draft ? (
            <EditedCard key={one.key} {...shared} one={one} draft={draft} onDraft={onDraft} />
          ) : (
            <DashboardCard key={one.key} {...shared} chart={one.chart} />
          ),
        )}
      </div>
    </>
  )
}
