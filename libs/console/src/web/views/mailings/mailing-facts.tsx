import type { Mailing } from '../../api/mailings.ts'
import { Card } from '../../parts/card.tsx'
import { Facts, type Fact } from '../../parts/facts.tsx'
import { Time } from '../../parts/time.tsx'
import { CHANNEL_NAMES } from './channel-names.ts'
import { explainReason } from './explain-reason.ts'
import { waitsForApproval } from './mailing-choices.ts'
import { Moment } from './moment.tsx'
import { hoursText, rateText } from './terms-text.ts'

/** What a mailing is. */
export function MailingFacts({ mailing }: { mailing: Mailing }) {
  const { start, end, window, ratePerSecond, filter, restReason, channel, subject, approval } = mailing
  const facts: readonly Fact[] = [
    ...(restReason === null ? [] : [['Rests', restText(restReason)] as const]),
    ...(approval === null ? [] : [['Approval', <Approval mailing={mailing} approval={approval} />] as const]),
    ['Channel', CHANNEL_NAMES[channel]],
    ...(subject === null ? [] : [['Subject', subject] as const]),
    ['Start', <Moment at={start} />],
    ['End', <Moment at={end} />],
    ['Hours', hoursText(window)],
    ['Rate', rateText(ratePerSecond)],
    ['Operators', <Names names={filter.operatorCodes} all="All" />],
    ['Tags', <Names names={filter.tags} all="All, and clients without one" />],
    ...(filter.received.length > 0
      ? [['Received', <Names names={filter.received.map(String)} all="" />] as const]
      : []),
    ...(filter.notReceived.length > 0
      ? [['Not received', <Names names={filter.notReceived.map(String)} all="" />] as const]
      : []),
    ...lifeOf(mailing),
    ['Version', mailing.version],
  ]
  return (
    <Card title="Details">
      <Facts facts={facts} />
    </Card>
  )
}

/** How it stands with the second person. */
function Approval({ mailing, approval }: { mailing: Mailing; approval: NonNullable<Mailing['approval']> }) {
  if (waitsForApproval(mailing))
    return <>It waits: it reaches many recipients, and a person who did not write it has to approve it.</>
  const { missing, by, at } = approval
  if (missing) return <>This version has not been approved.</>
  return (
    <>
      {by ?? ''} {at !== null && <Time at={at} />}
    </>
  )
}

/** Why it is paused though no person paused it. */
function restText(reason: string): string {
  return `${explainReason(reason)}, for one client after the other. Edit the text, then resume it.`
}

function lifeOf({ createdAt, startedAt, finishedAt, settledAt }: Mailing): Fact[] {
  const moments = [
    ['Created', createdAt],
    ['Started', startedAt],
    ['Finished', finishedAt],
    ['Settled', settledAt === finishedAt ? null : settledAt],
  ] as const
  return moments.flatMap(([name, at]): Fact[] => (at === null ? [] : [[name, <Time at={at} />]]))
}

function Names({ names, all }: { names: readonly string[]; all: string }) {
  if (names.length === 0) return <>{all}</>
  return (
    <ul class="names">
      {names.map((name) => (
        <li key={name} class="chip">
          {name || <span class="quiet">no tag</span>}
        </li>
      ))}
    </ul>
  )
}
