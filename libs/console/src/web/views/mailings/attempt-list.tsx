import type { Attempt, MessageWithAttempts } from '../../api/messages.ts'
import { formatDuration } from '../../format/duration.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Time } from '../../parts/time.tsx'
import { explainOutcome } from './explain-reason.ts'

const TONES: Readonly<Record<string, Tone>> = {
  accepted: 'good',
  refused: 'warn',
  unreached: 'warn',
  uncertain: 'warn',
  rejected: 'bad',
}

/** The attempts to send a message, the newest first. */
export function AttemptList({ message: { lastAttempts, attempts } }: { message: MessageWithAttempts }) {
  if (lastAttempts.length === 0) return <p class="quiet">There have been no attempts yet.</p>
  return (
    <>
      <ol class="attempts">
        {lastAttempts.map((attempt) => (
          <li key={attempt.number}>
            <OneAttempt attempt={attempt} />
          </li>
        ))}
      </ol>
      {lastAttempts.length < attempts && <p class="quiet">Earlier attempts are not shown.</p>}
    </>
  )
}

function OneAttempt({ attempt }: { attempt: Attempt }) {
  const { number, startedAt, durationMs, outcome, httpStatus, gatewayCode, detail, text, version } = attempt
  const { address, subject } = attempt
  const to = address ?? attempt.phone
  const answer = [
    httpStatus !== null && `HTTP ${httpStatus}`,
    gatewayCode !== null && `code ${gatewayCode}`,
    formatDuration(durationMs),
  ]
  return (
    <>
      <div class="attempt-head">
        <span class="quiet number">{number}</span>
        <Badge tone={TONES[outcome] ?? 'neutral'}>{outcome}</Badge>
        <span class="quiet number">{answer.filter(Boolean).join(' · ')}</span>
        <Time at={startedAt} millis />
      </div>
      <p>{explainOutcome(outcome)}</p>
      {to && (
        <p class="quiet">
          To <span class="number">{to}</span>
          {version !== null && `, with the text of version ${version}`}
          {text === null && '; the text is not kept'}
        </p>
      )}
      {subject !== null && (
        <p>
          <b>{subject}</b>
        </p>
      )}
      {text !== null && <p class="bubble">{text}</p>}
      {detail && <p class="mono attempt-detail">{detail}</p>}
    </>
  )
}
