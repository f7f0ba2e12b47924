import type { AppState } from '../../api/system.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Card } from '../../parts/card.tsx'
import { Facts, type Fact } from '../../parts/facts.tsx'
import { knownBytes, knownSeconds } from './known.ts'

const TONES: Readonly<Record<AppState['status'], Tone>> = { ready: 'good', unready: 'warn', away: 'bad' }

const WORDS: Readonly<Record<AppState['status'], string>> = {
  ready: 'ready',
  unready: 'not ready',
  away: 'unreachable',
}

/** One app: whether it works, and if not, why. */
export function AppCard({ app }: { app: AppState }) {
  const { name, status } = app
  return (
    <Card title={name} actions={<Badge tone={TONES[status]}>{WORDS[status]}</Badge>} class="app-card">
      <Problems app={app} />
      <Notes notes={app.notes} />
      {status !== 'away' && <Facts facts={factsOf(app)} />}
    </Card>
  )
}

function Problems({ app: { status, problem, failures, url } }: { app: AppState }) {
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

function Notes({ notes }: Pick<AppState, 'notes'>) {
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

function factsOf({ uptimeSeconds, memoryBytes, eventLoopLagSeconds, nodeVersion }: AppState): Fact[] {
  return [
    ['Uptime', knownSeconds(uptimeSeconds)],
    ['Memory', knownBytes(memoryBytes)],
    ['Event loop lag', knownSeconds(eventLoopLagSeconds)],
    ['Node', nodeVersion ?? '–'],
  ]
}
