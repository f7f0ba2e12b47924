import type { MessageStatus } from '../../api/mailings.ts'
import { Badge } from '../../parts/badge.tsx'
import { MESSAGE_TONES } from './statuses.ts'

export function MessageBadge({ status }: { status: MessageStatus }) {
  return <Badge tone={MESSAGE_TONES[status]}>{status}</Badge>
}
