import { useCallback, useRef } from 'preact/hooks'
import type { Page as PageOf } from '@runnel/contracts/api/page'
import { getAlerts, getNotificationSettings, getReports, type Report } from '../../api/reports.ts'
import { useQueryParams, type QueryParams } from '../../data/use-query-params.ts'
import { useResource, type Resource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager } from '../../parts/pager.tsx'
import { AlertTable } from './alert-table.tsx'
import { PreviewDialog } from './preview-dialog.tsx'
import { ReportTable } from './report-table.tsx'
import { SettingsCard } from './settings-card.tsx'
import './reports.css'

const REFRESH_MS = 5000

/** In place of a day: message-dispatcher knows the time zone of reports. */
const YESTERDAY = 'yesterday'

/** Daily reports and alerts: where they go, what they said, and whether they arrived. */
export default function Reports() {
  const query = useQueryParams()
  const { params, change, href } = query
  const day = params.get('day')
  const settings = useResource('settings', getNotificationSettings)
  const cursor = params.get('cursor')
  const reports = useResource(`reports ${cursor}`, (signal) => getReports({ cursor }, signal), {
    refreshMs: REFRESH_MS,
  })
  return (
    <Page
      title="Reports"
      actions={
        <a class="button" href={href({ day: YESTERDAY })}>
          Preview yesterday
        </a>
      }
    >
      <Loaded resource={settings}>{(data) => <SettingsCard settings={data} />}</Loaded>
      <h2 class="section-title">Alerts</h2>
      <Alerts query={query} />
      <h2 class="section-title">Daily reports</h2>
      <DailyReports query={query} reports={reports} />
      {day && (
        <PreviewDialog
          key={day}
          day={day === YESTERDAY ? undefined : day}
          settings={settings.data}
          onClose={() => change({ day: null })}
          onSent={reports.reload}
        />
      )}
    </Page>
  )
}

function Alerts({ query: { params, href } }: { readonly query: QueryParams }) {
  const cursor = params.get('alerts')
  const alerts = useResource(`alerts ${cursor}`, (signal) => getAlerts({ cursor }, signal), {
    refreshMs: REFRESH_MS,
  })
  return (
    <Loaded resource={alerts}>
      {({ items, nextCursor }) => (
        <>
          {items.length > 0 ? (
            <AlertTable alerts={items} onSent={alerts.reload} />
          ) : (
            <Empty title="There have been no alerts." />
          )}
          <Pager
            first={cursor ? href({ alerts: null }) : undefined}
            firstLabel="Newest alerts"
            next={nextCursor ? href({ alerts: nextCursor }) : undefined}
            nextLabel="Older alerts"
          />
        </>
      )}
    </Loaded>
  )
}

interface DailyReportsProps {
  readonly query: QueryParams
  readonly reports: Resource<PageOf<Report>>
}

function DailyReports({ query, reports }: DailyReportsProps) {
  const { params, href } = query
  const latest = useRef(query)
  latest.current = query
  const hrefOf = useCallback((of: string) => latest.current.href({ day: of }), [])
  return (
    <Loaded resource={reports}>
      {({ items, nextCursor }) => (
        <>
          {items.length > 0 ? (
            <ReportTable reports={items} hrefOf={hrefOf} onSent={reports.reload} />
          ) : (
            <Empty title="No report was sent yet." />
          )}
          <Pager
            first={params.get('cursor') ? href({ cursor: null }) : undefined}
            firstLabel="Newest reports"
            next={nextCursor ? href({ cursor: nextCursor }) : undefined}
            nextLabel="Older reports"
          />
        </>
      )}
    </Loaded>
  )
}
