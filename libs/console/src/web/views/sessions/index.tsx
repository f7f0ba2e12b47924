import { useState } from 'preact/hooks'
import { endSession, getSessions, type Session } from '../../api/sessions.ts'
import { useMissing } from '../../data/me.tsx'
import { useAction } from '../../data/use-action.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { SessionTable } from './session-table.tsx'

/** Where people are signed in: one's own sessions, and those of everybody for whoever may change keys. */
export default function Sessions() {
  const mayAll = useMissing(['keys:write']).length === 0
  const [all, setAll] = useState(false)
  const sessions = useResource(`${all}`, (signal) => getSessions(all, signal))
  const end = useAction(async ({ id }: Session) => {
    await endSession(id)
    sessions.reload()
  })
  const everybody = mayAll && (
    <label>
      <input type="checkbox" checked={all} onChange={() => setAll(!all)} /> of everybody
    </label>
  )
  return (
    <Page title="Sessions" actions={everybody}>
      {end.error && <ErrorNote error={end.error} again={false} />}
      <Loaded resource={sessions}>
        {({ items }) =>
          items.length > 0 ? (
            <SessionTable sessions={items} busy={end.busy} onEnd={end.run} />
          ) : (
            <Empty title="There are no sessions.">You use the console without signing in.</Empty>
          )
        }
      </Loaded>
    </Page>
  )
}
