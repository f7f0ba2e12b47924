import type { Audience } from '../../api/audience.ts'
import type { Mailing } from '../../api/mailings.ts'
import type { Resource } from '../../data/use-resource.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatCount, plural } from '../../format/number.ts'
import { Facts, type Fact } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { CHANNEL_NAMES } from './channel-names.ts'
import { Moment } from './moment.tsx'
import { RecipientList } from './recipient-list.tsx'
import { hoursText, rateText } from './terms-text.ts'
import { WarningList } from './warning-list.tsx'

/** When and how fast a mailing is sent. */
interface SendingTerms extends Pick<Mailing, 'channel' | 'end' | 'window' | 'ratePerSecond'> {
  /** undefined: now. */
  readonly start: string | undefined
}

interface SendingReviewProps {
  readonly terms: SendingTerms
  readonly audience: Resource<Audience>
}

/** What is read before real messages are sent: to how many, what they read, when, how fast, and what is odd about it. */
export function SendingReview({ terms, audience }: SendingReviewProps) {
  return (
    <Loaded resource={audience}>
      {(data) => (
        <>
          <p class="audience-count">
            <b>{formatCount(data.count)}</b> {data.count === 1 ? 'client' : 'clients'}{' '}
            {data.count === 1 ? 'gets' : 'get'} a real message.
          </p>
          <WarningList warnings={data.warnings} />
          <Facts facts={factsOf(terms, data)} />
          {data.sample.length > 0 && <h3 class="review-texts">What the first of them read</h3>}
          <RecipientList recipients={data.sample} shown={FIRST_TEXTS} />
        </>
      )}
    </Loaded>
  )
}

/** Texts that are shown at first, so that all else stays in sight. */
const FIRST_TEXTS = 2

function factsOf(terms: SendingTerms, { count, timeZones }: Audience): Fact[] {
  const { channel, start, end, window, ratePerSecond } = terms
  return [
    ['Channel', CHANNEL_NAMES[channel]],
    ['Start', start === undefined ? 'Now' : <Moment at={start} />],
    ['End', <Moment at={end} />],
    ['Hours', hoursText(window)],
    ['Rate', rateText(ratePerSecond) + durationText(count, ratePerSecond)],
    ['Zones', zonesText(timeZones)],
  ]
}

function durationText(count: number, perSecond: number | null): string {
  if (perSecond === null || count <= perSecond) return ''
  return `: it takes ${formatDuration((count / perSecond) * 1000)} at least`
}

/** Time zones that are named; the others are counted. */
const MAX_ZONES = 3

function zonesText(zones: Audience['timeZones']): string {
  const named = zones.slice(0, MAX_ZONES).map(({ name, count }) => `${name} ${formatCount(count)}`)
  const rest = zones.length - named.length
  return [...named, ...(rest > 0 ? [`${plural(rest, 'other zone')}`] : [])].join(', ') || 'None'
}
