import { getMailing, getMailingStats, type Mailing, type MailingStats } from '../../api/mailings.ts'
import { useQueryParams, type QueryParams } from '../../data/use-query-params.ts'
import { useResource, type Resource } from '../../data/use-resource.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { HistoryList } from './history-list.tsx'
import { MailingActions } from './mailing-actions.tsx'
import { MailingBadge } from './mailing-badge.tsx'
import { MailingOverview } from './mailing-overview.tsx'
import { MAILINGS, mailingHref } from './mailing-path.ts'
import { mailingTitle } from './mailing-title.ts'
import { MessageList } from './message-list.tsx'
import { ProgressCard } from './progress-card.tsx'
import { isWaiting, refreshMsOf } from './statuses.ts'

const TABS = [
  { id: '', label: 'Overview' },
  { id: 'messages', label: 'Messages' },
  { id: 'history', label: 'History' },
]

/** What the parts of the view do not share. */
const FRESH_TAB = { status: null, phone: null, cursor: null, message: null }

/** One mailing: how far it is, what it is, its messages, and what people did to it. */
export function MailingView({ id }: { id: number }) {
  const query = useQueryParams()
  const mailing = useResource(String(id), (signal) => getMailing(id, signal), {
    refreshMs: (data) => refreshMsOf([data]),
  })
  const stats = useResource(`stats ${id}`, (signal) => getMailingStats(id, signal), {
    // Both: the statistics may lag behind what was just done to the mailing.
    refreshMs: (data) => refreshMsOf(mailing.data ? [data, mailing.data] : [data]),
  })
  const again = () => {
    mailing.reload()
    stats.reload()
  }
  const { data } = mailing
  return (
    <Page
      title={mailingTitle(data ?? stats.data ?? { id, name: '' })}
      actions={data && <MailingActions mailing={data} counts={stats.data?.counts} onDone={again} />}
    >
      <p class="mailing-line">
        <a href={MAILINGS}>Mailings</a>
        <span aria-hidden="true">/</span>
        <span class="number">{id}</span>
        {data && <MailingBadge status={data.status} />}
        {data?.testOf && (
          <span>
            test of <a href={mailingHref(data.testOf)}>{data.testOf}</a>
          </span>
        )}
      </p>
      <Loaded resource={mailing}>{(found) => <Parts mailing={found} stats={stats} query={query} />}</Loaded>
      {/* The dispatcher may be away while query-api is not. */}
      {mailing.error && !data && stats.data && <Progress stats={stats} query={query} />}
    </Page>
  )
}

interface PartsProps {
  readonly mailing: Mailing
  readonly stats: Resource<MailingStats>
  readonly query: QueryParams
}

function Parts({ mailing, stats, query }: PartsProps) {
  const { params, href } = query
  const tab = params.get('tab') ?? ''
  const { id, version, status } = mailing
  return (
    <>
      {!isWaiting(status) && <Progress stats={stats} query={query} />}
      <Tabs
        label="Parts of the mailing"
        tabs={TABS}
        current={tab}
        hrefOf={(to) => href({ ...FRESH_TAB, tab: to })}
      />
      {tab === 'messages' && <MessageList id={id} query={query} refreshMs={refreshMsOf([mailing])} />}
      {tab === 'history' && <HistoryList id={id} version={version} status={status} query={query} />}
      {tab !== 'messages' && tab !== 'history' && <MailingOverview mailing={mailing} stats={stats.data} />}
    </>
  )
}

function Progress({ stats, query: { href } }: Omit<PartsProps, 'mailing'>) {
  return (
    <Loaded resource={stats}>
      {(data) => (
        <ProgressCard stats={data} hrefOf={(status) => href({ ...FRESH_TAB, tab: 'messages', status })} />
      )}
    </Loaded>
  )
}
