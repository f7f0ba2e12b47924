import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { getDashboards, type DashboardHead } from '../../../api/dashboards.ts'
import { useResource } from '../../../data/use-resource.ts'
import { Ago } from '../../../parts/ago.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { Needs } from '../../../parts/needs.tsx'
import { Page } from '../../../parts/page.tsx'
import { Table, type Column } from '../../../parts/table.tsx'
import { dashboardHref } from '../metrics-path.ts'
import { MetricsTabs } from '../metrics-tabs.tsx'
import { NewDashboard } from './new-dashboard.tsx'

const COLUMNS: readonly Column<DashboardHead>[] = [
  { title: 'Name', cell: ({ id, name }) => <a href={dashboardHref(id)}>{name}</a> },
  { title: 'Charts', cell: ({ chartCount }) => chartCount, align: 'right', class: 'narrow' },
  { title: 'Changed', cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
  { title: 'Changed by', cell: ({ updatedBy }) => updatedBy, class: 'wide-only' },
  { title: 'Created by', cell: ({ createdBy }) => createdBy, class: 'wide-only' },
]

/** All dashboards, by name. */
export function DashboardList() {
  const { route } = useLocation()
  const [creating, setCreating] = useState(false)
  const dashboards = useResource('dashboards', getDashboards)
  return (
    <Page
      title="Metrics"
      actions={
        <Needs scope="dashboards:write">
          <button type="button" class="primary" onClick={() => setCreating(true)}>
            New dashboard
          </button>
        </Needs>
      }
    >
      <MetricsTabs current="dashboards" />
      <Loaded resource={dashboards}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="There are no dashboards yet.">
              Create one here, or pin a chart where you explore metrics.
            </Empty>
          ) : (
            <Table
              label="Dashboards"
              columns={COLUMNS}
              rows={items}
              rowKey={({ id }) => id}
              onRow={({ id }) => route(dashboardHref(id))}
            />
          )
        }
      </Loaded>
      {creating && (
        <NewDashboard onClose={() => setCreating(false)} onDone={({ id }) => route(dashboardHref(id))} />
      )}
    </Page>
  )
}
