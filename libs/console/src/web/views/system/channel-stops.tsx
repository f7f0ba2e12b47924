import { getChannelStops, type ChannelStop } from '../../api/sending.ts'
import { useResource } from '../../data/use-resource.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Time } from '../../parts/time.tsx'
import { CHANNEL_NAMES } from '../mailings/channel-names.ts'
import { ResumeSending } from './resume-sending.tsx'
import { explainStop } from './stop-reasons.ts'

const REFRESH_MS = 5000

const TONES: Readonly<Record<ChannelStop['state'], Tone>> = {
  closed: 'good',
  open: 'bad',
  probing: 'warn',
  paused: 'bad',
  ramping: 'warn',
}

/** The channels that are configured beside the gateway: whether messages go out, and a button where they do not. */
export function ChannelStops() {
  const { data } = useResource('channels', getChannelStops, { refreshMs: REFRESH_MS })
  const others = data?.items.filter(({ channel }) => channel !== 'gateway') ?? []
  return (
    <>
      {others.map((stop) => (
        <Stop key={stop.channel} stop={stop} />
      ))}
    </>
  )
}

function Stop({ stop: { channel, state, reason, resumesAt } }: { stop: ChannelStop }) {
  const name = CHANNEL_NAMES[channel]
  return (
    <div class="breaker">
      <p>
        {name} <Badge tone={TONES[state]}>{state}</Badge>
      </p>
      {reason !== null && <p>{explainStop(reason, channel)}</p>}
      {resumesAt !== null && (
        <p class="quiet">
          {state === 'paused' ? 'It ends at ' : 'The next probe is due at '}
          <Time at={resumesAt} />
        </p>
      )}
      {resumesAt !== null && <ResumeSending channel={channel} />}
    </div>
  )
}
