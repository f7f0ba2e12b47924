import type { Page as PageOf } from '@runnel/contracts/api/page'
import { getMailings, MAILING_STATUSES, type MailingSummary } from '../../api/mailings.ts'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { Needs } from '../../parts/needs.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager } from '../../parts/pager.tsx'
import { SearchBox } from '../../parts/search-box.tsx'
import { Select } from '../../parts/select.tsx'
import { MAILINGS } from './mailing-path.ts'
import { MailingTable } from './mailing-table.tsx'
import { refreshMsOf } from './statuses.ts'

const STATUSES = [
  { value: '', label: 'All statuses' },
  ...MAILING_STATUSES.map((value) => ({ value, label: value })),
]

/** Mailings, the newest first, with their progress. */
export function MailingList() {
  const { params, change, href } = useQueryParams()
  const [status, q, cursor] = [params.get('status'), params.get('q'), params.get('cursor')]
  const page = useResource<PageOf<MailingSummary>>(
    `${status} ${q} ${cursor}`,
    (signal) => getMailings({ status, q, cursor }, signal),
    { refreshMs: ({ items }) => refreshMsOf(items) },
  )
  return (
    <Page
      title="Mailings"
      actions={
        <>
          <SearchBox
            label="Search by name"
            placeholder="Name"
            value={q ?? ''}
            onSearch={(text) => change({ q: text || null, cursor: null })}
          />
          <Select
            label="Status"
            value={status ?? ''}
            options={STATUSES}
            onChange={(value) => change({ status: value, cursor: null })}
          />
          <Needs scope="mailings:write">
            <a class="button primary" href={`${MAILINGS}/new`}>
              New mailing
            </a>
          </Needs>
        </>
      }
    >
      <Loaded resource={page}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? <MailingTable mailings={items} /> : <NoMailings status={status} q={q} />}
            <Pager
              first={cursor ? href({ cursor: null }) : undefined}
              firstLabel="Newest"
              next={nextCursor ? href({ cursor: nextCursor }) : undefined}
              nextLabel="Older"
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function NoMailings({ status, q }: { status: string | null; q: string | null }) {
  if (q) {
    return (
      <Empty
        title={`There is no mailing${status ? ` with the status “${status}”` : ''} whose name contains “${q}”.`}
      >
        <a href={MAILINGS}>Show all mailings</a>
      </Empty>
    )
  }
  if (status) {
    return (
      <Empty title={`There are no mailings with the status “${status}”.`}>
        <a href={MAILINGS}>Show all mailings</a>
      </Empty>
    )
  }
  return (
    <Empty title="There are no mailings yet.">
      <a href={`${MAILINGS}/new`}>Create the first one</a>; it reaches the{' '}
      <a href="/console/clients">clients</a>.
    </Empty>
  )
}
