import { createContext, type ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import { getMe, type Me, type Scope } from '../api/me.ts'
import { useResource } from './use-resource.ts'

/** Scopes can be taken away meanwhile; the server decides in any case. */
const REFRESH_MS = 60_000

const MeContext = createContext<Me | undefined>(undefined)

/** Who uses the console. Undefined until that is known. */
export function useMe(): Me | undefined {
  return useContext(MeContext)
}

/** The scopes of these that are missing. None until it is known who asks: nothing flickers, and the server decides. */
export function useMissing(scopes: readonly Scope[]): readonly Scope[] {
  const me = useMe()
  return me === undefined ? [] : scopes.filter((scope) => !me.scopes.includes(scope))
}

export function MeProvider({ children }: { children: ComponentChildren }) {
  const me = useResource('me', getMe, { refreshMs: REFRESH_MS })
  return <MeContext.Provider value={me.data}>{children}</MeContext.Provider>
}
