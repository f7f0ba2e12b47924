import type { DeadLetter } from '../../api/dead-letters.ts'
import { Badge } from '../../parts/badge.tsx'

/** Whether something was done about a letter. */
export function LetterState({ letter: { replayedAt, attempts } }: { letter: DeadLetter }) {
  if (replayedAt !== null) return <Badge tone="good">replayed</Badge>
  return attempts > 1 ? <Badge tone="bad">failed again</Badge> : <Badge tone="warn">waiting</Badge>
}
