import { useState } from 'preact/hooks'
import type { Recipient } from '../../api/audience.ts'
import { plural } from '../../format/number.ts'
import { Badge } from '../../parts/badge.tsx'
import { explainReason } from './explain-reason.ts'
import { smsLength } from './sms-length.ts'

/** Recipients that are shown at first: as many as stay in sight beside the form. */
const FIRST_SHOWN = 4

interface RecipientListProps {
  readonly recipients: readonly Recipient[]
  /** How many are shown at first. */
  readonly shown?: number
}

/** What some of the clients would read. */
export function RecipientList({ recipients, shown = FIRST_SHOWN }: RecipientListProps) {
  const [all, setAll] = useState(false)
  const rest = all ? 0 : Math.max(0, recipients.length - shown)
  return (
    <ul class="recipients">
      {recipients.slice(0, recipients.length - rest).map((recipient) => (
        <li key={recipient.clientId}>
          <p class="recipient-who">
            <span class="number">{recipient.address ?? recipient.phone}</span>
            <span class="quiet">{[recipient.timeZone, recipient.tag].filter(Boolean).join(' · ')}</span>
          </p>
          <Rendered recipient={recipient} />
        </li>
      ))}
      {rest > 0 && (
        <li>
          <button type="button" class="plain small" onClick={() => setAll(true)}>
            Show {rest} more
          </button>
        </li>
      )}
    </ul>
  )
}

function Rendered({ recipient: { text, subject, problem, address } }: { recipient: Recipient }) {
  if (text === null) {
    return (
      <p class="bubble">
        <Badge tone="bad">fails</Badge> {explainReason(problem ?? 'template_failed')}
      </p>
    )
  }
  const { characters, parts } = smsLength(text)
  return (
    <>
      {subject !== null && (
        <p>
          <b>{subject}</b>
        </p>
      )}
      <p class="bubble">{text}</p>
      <p class="quiet bubble-length">
        {plural(characters, 'character')}
        {address === null && parts > 1 && ` · ${parts} short messages`}
      </p>
    </>
  )
}
