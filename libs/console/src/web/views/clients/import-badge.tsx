import { Badge, type Tone } from '../../parts/badge.tsx'

const TONES: Readonly<Record<string, Tone>> = { running: 'info', completed: 'good', aborted: 'bad' }

export function ImportBadge({ status }: { status: string }) {
  return <Badge tone={TONES[status] ?? 'neutral'}>{status}</Badge>
}
