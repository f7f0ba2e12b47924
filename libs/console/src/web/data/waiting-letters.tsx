import { createContext, type ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useContext, useEffect } from 'preact/hooks'
import { getDeadLetterGroups } from '../api/dead-letters.ts'
import { useMe, useMissing } from './me.tsx'
import { useResource } from './use-resource.ts'

const REFRESH_MS = 15_000

const WaitingLettersContext = createContext<number | undefined>(undefined)

/** Dead letters that were neither replayed nor deleted; undefined where that is not known, or the role may not see it. */
export function useWaitingLetters(): number | undefined {
  return useContext(WaitingLettersContext)
}

/** Counts them now and then, and whenever another view is opened. */
export function WaitingLettersProvider({ children }: { children: ComponentChildren }) {
  const { path } = useLocation()
  const me = useMe()
  const mayRead = useMissing(['dead-letters:read']).length === 0
  const { data, error, reload } = useResource(
    me && mayRead ? 'waiting letters' : undefined,
    (signal) => getDeadLetterGroups({ replayed: 'false' }, signal),
    { refreshMs: REFRESH_MS },
  )
  useEffect(reload, [path])
  return (
    <WaitingLettersContext.Provider value={error ? undefined : data?.count}>
      {children}
    </WaitingLettersContext.Provider>
  )
}
