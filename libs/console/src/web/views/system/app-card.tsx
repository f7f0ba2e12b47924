import type { AppState } from '../../api/system.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Card } from '../../parts/card.tsx'
import { Facts, type Fact } from '../../parts/facts.tsx'
import { knownBytes, knownSeconds } from './known.ts'

export const STATUS_TONES: Readonly<Record<AppState['status'], Tone>> = {
  ready: 'good',
  unready: 'warn',
  away: 'bad',
}

export const STATUS_WORDS: Readonly<Record<AppState['status'], string>> = {
  ready: 'ready',
  unready: 'not ready',
  away: 'unreachable',
}

/** One app: whether it works, and if not, why. */
export function AppCard({ app }: { app: AppState }) {
  const { name, status } = app
  return (
    <Card
      title={name}
      actions={<Badge tone={STATUS_TONES[status]}>{STATUS_WORDS[status]}</Badge>}
      class="app-card"
    >
      <AppProblems app={app} />
      <AppNotes notes={app.notes} />
      {status !== 'away' && <Facts facts={processFacts(app)} />}
    </Card>
  )
}

export function AppProblems({ app: { status, problem, failures, url } }: { app: AppState }) {
  if (status === 'ready') return null
  const failing = Object.entries(failures)
  return (
    <div class="app-problems">
      {status === 'away' && (
        <p>
          It does not answer{url && ` at ${url}`}
          {problem && `: ${problem}`}.
        </p>
      )}
      {failing.length > 0 && (
        <ul>
          {failing.map(([check, reason]) => (
            <li key={check}>
              <b>{check}</b>: {reason}
            </li>
          ))}
        </ul>
      )}
      {status === 'unready' && failing.length === 0 && <p>It answers, but is not ready.</p>}
    </div>
  )
}

export function AppNotes({ notes }: Pick<AppState, 'notes'>) {
  const given = Object.entries(notes)
  if (given.length === 0) return null
  return (
    <ul class="app-problems">
      {given.map(([name, note]) => (
        <li key={name}>
          <b>{name}</b>: {note}
        </li>
      ))}
    </ul>
  )
}

/** What is known of the process of an app. */
export function processFacts({
  uptimeSeconds,
  memoryBytes,
  eventLoopLagSeconds,
  nodeVersion,
}: AppState): Fact[] {
  return [
    ['Uptime', knownSeconds(uptimeSeconds)],
    ['Memory', knownBytes(memoryBytes)],
    ['Event loop lag', knownSeconds(eventLoopLagSeconds)],
    ['Node', nodeVersion ?? '–'],
  ]
}
