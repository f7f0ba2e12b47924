import type { SendingState } from '../../api/system.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Time } from '../../parts/time.tsx'
import { ChannelStops } from './channel-stops.tsx'
import { knownCount, knownSeconds } from './known.ts'
import { ResumeSending } from './resume-sending.tsx'
import { explainStop } from './stop-reasons.ts'

interface Breaker {
  readonly tone: Tone
  /** What it means for messages. */
  readonly meaning: string
}

const BREAKER: Readonly<Record<string, Breaker>> = {
  closed: { tone: 'good', meaning: 'The gateway works; messages go out.' },
  open: { tone: 'bad', meaning: 'The gateway fails: nothing is sent until a probe succeeds.' },
  probing: { tone: 'warn', meaning: 'One message is sent to see whether the gateway works again.' },
  paused: { tone: 'bad', meaning: 'The gateway asked for a pause: nothing is sent until it is over.' },
  ramping: { tone: 'warn', meaning: 'The gateway works again; sending gets faster step by step.' },
}

const UNKNOWN: Breaker = { tone: 'neutral', meaning: 'The dispatcher does not report its state.' }

/** Whether messages go out, and what waits to. */
export function SendingCard({ sending }: { sending: SendingState }) {
  const { breaker } = sending
  const { tone, meaning } = (breaker !== null && BREAKER[breaker]) || UNKNOWN
  return (
    <Card title="Sending" actions={<a href="/console/mailings">Mailings</a>}>
      <p class="breaker">
        Breaker <Badge tone={tone}>{breaker ?? 'not known'}</Badge> <span class="quiet">{meaning}</span>
      </p>
      {sending.stopReason !== null && (
        <div class="sending-stop">
          <p>{explainStop(sending.stopReason)}</p>
          {sending.resumesAt !== null && (
            <p class="quiet">
              {breaker === 'paused' ? 'It ends at ' : 'The next probe is due at '}
              <Time at={sending.resumesAt} />
            </p>
          )}
          <ResumeSending channel="gateway" />
        </div>
      )}
      <ChannelStops />
      <Facts
        facts={[
          ['Open chunks', knownCount(sending.openChunks)],
          ['Chunks overdue', knownSeconds(sending.chunkLagSeconds)],
          ['Retries overdue', knownSeconds(sending.retryLagSeconds)],
          ['Sent', knownCount(sending.sentMessages)],
          ['Failed', knownCount(sending.failedMessages)],
        ]}
      />
    </Card>
  )
}
