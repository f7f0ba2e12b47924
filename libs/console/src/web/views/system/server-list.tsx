import type { ServerState } from '../../api/system.ts'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { SERVER_NAMES } from './troubles.ts'

const TONES: Readonly<Record<ServerState['status'], Tone>> = { ready: 'good', away: 'bad', unused: 'neutral' }

const WORDS: Readonly<Record<ServerState['status'], string>> = {
  ready: 'answers',
  away: 'unreachable',
  unused: 'not used',
}

/** The servers that query-api itself can reach, or not. */
export function ServerList({ servers }: { servers: readonly ServerState[] }) {
  return (
    <ul class="servers" aria-label="Servers">
      {servers.map(({ name, status }) => (
        <li key={name}>
          {SERVER_NAMES[name]?.replace(/^The b/, 'B') ?? name}{' '}
          <Badge tone={TONES[status]}>{WORDS[status]}</Badge>
        </li>
      ))}
    </ul>
  )
}
