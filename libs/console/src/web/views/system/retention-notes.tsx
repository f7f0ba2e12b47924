import type { RetentionState } from '../../api/system.ts'
import { Card } from '../../parts/card.tsx'

/** What a person should know about the removal of old events; nothing where all is as usual. */
export function RetentionNotes({ retention }: { retention: RetentionState | null }) {
  if (retention === null || retention.notes.length === 0) return null
  return (
    <Card title="Old events">
      <ul>
        {retention.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Card>
  )
}
