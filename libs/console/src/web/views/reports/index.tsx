import { useCallback, useRef } from 'preact/hooks'
import { getAlerts, getNotificationSettings, getReports } from '../../api/reports.ts'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
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

/** Daily reports and alerts: who is told, what they were told of, and whether it arrived. */
export default function Reports() {
  const query = useQueryParams()
  const { params, change, href } = query
  const [day, cursor, alertCursor] = [params.get('day'), params.get('cursor'), params.get('alerts')]
  const settings = useResource('settings', getNotificationSettings)
  const reports = useResource(`reports ${cursor}`, (signal) => getReports({ cursor }, signal), {
    refreshMs: REFRESH_MS,
  })
  const alerts = useResource(
    `alerts ${alertCursor}`,
    (signal) => getAlerts({ cursor: alertCursor }, signal),
    {
      refreshMs: REFRESH_MS,
    },
  )
  const latest = useRef(query)
  latest.current = query
  const hrefOf = useCallback((of: string) => latest.current.href({ day: of }), [])
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
      <Loaded resource={alerts}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? (
              <AlertTable alerts={items} onSent={alerts.reload} />
            ) : (
              <Empty title="There was no alert." />
            )}
            <Pager
              first={alertCursor ? href({ alerts: null }) : undefined}
              firstLabel="Newest alerts"
              next={nextCursor ? href({ alerts: nextCursor }) : undefined}
              nextLabel="Older alerts"
            />
          </>
        )}
      </Loaded>
      <h2 class="section-title">Daily reports</h2>
      <Loaded resource={reports}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? (
              <ReportTable reports={items} hrefOf={hrefOf} onSent={reports.reload} />
            ) : (
              <Empty title="No report was sent yet." />
            )}
            <Pager
              first={cursor ? href({ cursor: null }) : undefined}
              firstLabel="Newest reports"
              next={nextCursor ? href({ cursor: nextCursor }) : undefined}
              nextLabel="Older reports"
            />
          </>
        )}
      </Loaded>
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
