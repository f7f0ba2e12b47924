import { getAudience } from '../../api/audience.ts'
import type { Mailing, MailingStats } from '../../api/mailings.ts'
import { useResource } from '../../data/use-resource.ts'
import { Card } from '../../parts/card.tsx'
import { AudienceCard } from './audience-card.tsx'
import { GroupTable } from './group-table.tsx'
import { HourChart } from './hour-chart.tsx'
import { MailingFacts } from './mailing-facts.tsx'
import { isWaiting } from './statuses.ts'

/** What a mailing is, and how it does by hour, operator and tag. */
export function MailingOverview({ mailing, stats }: { mailing: Mailing; stats: MailingStats | undefined }) {
  return (
    <div class="mailing-grid">
      <div>
        <Card title="Text">
          <p class="mailing-text">{mailing.text}</p>
        </Card>
        <MailingFacts mailing={mailing} />
      </div>
      <div>
        {isWaiting(mailing.status) ? <Expected mailing={mailing} /> : stats && <Results stats={stats} />}
      </div>
    </div>
  )
}

/** Who would receive it if it started now. */
function Expected({ mailing: { id, version } }: { mailing: Mailing }) {
  const audience = useResource(`${id} ${version}`, (signal) => getAudience(id, signal))
  return <AudienceCard title="Clients that it would reach now" audience={audience} hasText />
}

function Results({ stats: { byHour, byOperator, byTag } }: { stats: MailingStats }) {
  return (
    <>
      <HourChart byHour={byHour} />
      <GroupTable
        title="By operator"
        kind="Operator"
        unnamed="unknown"
        groups={byOperator.items.map(({ operatorCode, ...rest }) => ({ name: operatorCode, ...rest }))}
        rest={byOperator.rest}
      />
      <GroupTable
        title="By tag"
        kind="Tag"
        unnamed="no tag"
        groups={byTag.items.map(({ tag, ...rest }) => ({ name: tag, ...rest }))}
        rest={byTag.rest}
      />
    </>
  )
}
