import type { MailingStatus } from '../../api/mailings.ts'
import { Badge } from '../../parts/badge.tsx'
import { MAILING_TONES } from './statuses.ts'

export function MailingBadge({ status }: { status: MailingStatus }) {
  return (
    <Badge tone={MAILING_TONES[status]}>
      {status === 'running' && <i class="pulse" aria-hidden="true" />}
      {status}
    </Badge>
  )
}
