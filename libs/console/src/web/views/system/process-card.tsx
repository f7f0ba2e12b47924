import type { AppState } from '../../api/system.ts'
import { Badge } from '../../parts/badge.tsx'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { AppNotes, AppProblems, processFacts, STATUS_TONES, STATUS_WORDS } from './app-card.tsx'

/** All apps where they are one process: what is said of the process is said once. */
export function ProcessCard({ apps }: { apps: readonly AppState[] }) {
  // Of the process itself, and so the same of each that answers.
  const answering = apps.find(({ status }) => status !== 'away')
  return (
    <Card title="One process" class="process-card">
      <p class="quiet">
        All {apps.length} apps run in one process (standalone mode): they share its memory and its event loop.
      </p>
      <ul class="process-apps" aria-label="Apps">
        {apps.map((app) => (
          <li key={app.name}>
            <h3>
              {app.name} <Badge tone={STATUS_TONES[app.status]}>{STATUS_WORDS[app.status]}</Badge>
            </h3>
            <AppProblems app={app} />
            <AppNotes notes={app.notes} />
          </li>
        ))}
      </ul>
      {answering && <Facts facts={processFacts(answering)} />}
    </Card>
  )
}
