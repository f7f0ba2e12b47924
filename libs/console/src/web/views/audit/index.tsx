import { useMemo } from 'preact/hooks'
import { getAudit } from '../../api/audit.ts'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager } from '../../parts/pager.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { toAuditQuery } from './audit-query.ts'
import { AuditTable } from './audit-table.tsx'

/** Who did what to mailings, clients and everything around them. */
export default function Audit() {
  const query = useQueryParams()
  const { params, href } = query
  const asked = useMemo(() => toAuditQuery(params, Date.now()), [params])
  const page = useResource(JSON.stringify(asked), (signal) => getAudit(asked, signal))
  return (
    <Page title="Audit log">
      <AuditFilters query={query} />
      <Loaded resource={page}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? <AuditTable entries={items} /> : <Empty title="No entry matches." />}
            <Pager
              first={params.get('cursor') ? href({ cursor: null }) : undefined}
              firstLabel="Newest entries"
              next={nextCursor ? href({ cursor: nextCursor }) : undefined}
              nextLabel="Older entries"
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}
