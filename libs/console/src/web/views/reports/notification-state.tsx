import type { Notification } from '../../api/reports.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'

const TONES: Readonly<Record<Notification['state'], Tone>> = {
  pending: 'info',
  sending: 'info',
  sent: 'good',
  in_doubt: 'warn',
  failed: 'bad',
}

const WORDS: Readonly<Record<Notification['state'], string>> = {
  pending: 'waiting',
  sending: 'being sent',
  sent: 'sent',
  in_doubt: 'in doubt',
  failed: 'failed',
}

export function NotificationState({ state }: { state: Notification['state'] }) {
  return <Badge tone={TONES[state]}>{WORDS[state]}</Badge>
}
