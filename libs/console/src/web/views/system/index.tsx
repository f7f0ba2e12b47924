import { getSystem, type SystemState } from '../../api/system.ts'
import { useResource } from '../../data/use-resource.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { AppCard } from './app-card.tsx'
import { BrokerCard } from './broker-card.tsx'
import { CacheCard } from './cache-card.tsx'
import { ProcessCard } from './process-card.tsx'
import { RetentionNotes } from './retention-notes.tsx'
import { SendingCard } from './sending-card.tsx'
import { ServerList } from './server-list.tsx'
import { Summary } from './summary.tsx'
import { formatClock } from '../../format/time.ts'
import './system.css'

const REFRESH_MS = 2000

/** How every app and server is, what waits, and whether messages go out. */
export default function System() {
  const system = useResource('system', getSystem, { refreshMs: REFRESH_MS })
  return (
    <Page title="System" actions={<Updated atMs={system.loadedAtMs} failed={system.error !== undefined} />}>
      <Loaded resource={system}>
        {(state) => <Parts state={state} fresh={system.error === undefined} />}
      </Loaded>
    </Page>
  )
}

/** @param fresh what is shown is how it is now */
function Parts({ state, fresh }: { state: SystemState; fresh: boolean }) {
  return (
    <>
      {fresh && <Summary state={state} />}
      <ServerList servers={state.servers} />
      <RetentionNotes retention={state.retention} />
      {state.oneProcess ? (
        <ProcessCard apps={state.apps} />
      ) : (
        <div class="app-grid">
          {state.apps.map((app) => (
            <AppCard key={app.name} app={app} />
          ))}
        </div>
      )}
      <BrokerCard broker={state.broker} />
      <div class="system-grid">
        <SendingCard sending={state.sending} />
        <CacheCard cache={state.cache} />
      </div>
    </>
  )
}

/** When what is shown was read; it is no news any more once reading fails. */
function Updated({ atMs, failed }: { atMs: number | undefined; failed: boolean }) {
  if (atMs === undefined) return null
  const at = new Date(atMs).toISOString()
  return (
    <p class={failed ? 'warn-text' : 'quiet'}>
      {failed ? 'As it was at ' : 'Updated '}
      <time dateTime={at} class="number">
        {formatClock(atMs)}
      </time>
    </p>
  )
}
