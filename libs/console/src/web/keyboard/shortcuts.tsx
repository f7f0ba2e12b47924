import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { belongsToField } from './belongs-to-field.ts'
import { isCharacters, matchKey, type Shortcut } from './shortcut.ts'

/** Where it is kept that characters are no shortcuts in this browser. */
const STORED_AS = 'runnel.shortcuts'
/** Time for the second key of a sequence. */
const SEQUENCE_MS = 1500

interface Shortcuts {
  /** @returns how to take them away again */
  readonly add: (shortcuts: () => readonly Shortcut[]) => () => void
  /** What is in force, the latest last. */
  readonly list: () => readonly Shortcut[]
  /** Whether characters are shortcuts. */
  readonly enabled: boolean
  readonly enable: (enabled: boolean) => void
}

const ShortcutsContext = createContext<Shortcuts>({
  add: () => () => {},
  list: () => [],
  enabled: true,
  enable: () => {},
})

/** All shortcuts, and whether they are switched on. */
export function useShortcutList(): Omit<Shortcuts, 'add'> {
  return useContext(ShortcutsContext)
}

/** Keys that do something as long as the component is there. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const { add } = useContext(ShortcutsContext)
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => add(() => latest.current), [add])
}

/** Listens to keys, unless they are typed into something, and does what the shortcuts say. */
export function ShortcutsProvider({ children }: { children: ComponentChildren }) {
  const [enabled, setEnabled] = useState(readEnabled)
  const sources = useMemo(() => new Set<() => readonly Shortcut[]>(), [])
  const list = useMemo(() => () => [...sources].flatMap((source) => source()), [sources])
  const add = useMemo(
    () => (source: () => readonly Shortcut[]) => {
      sources.add(source)
      return () => void sources.delete(source)
    },
    [sources],
  )
  // At once: a key may follow the switch before the next picture.
  useLayoutEffect(
    () => listenToKeys(() => (enabled ? list() : list().filter((one) => !isCharacters(one)))),
    [list, enabled],
  )
  const value = useMemo(() => {
    const enable = (next: boolean) => {
      storeEnabled(next)
      setEnabled(next)
    }
    return { add, list, enabled, enable }
  }, [add, list, enabled])
  return <ShortcutsContext.Provider value={value}>{children}</ShortcutsContext.Provider>
}

/** @returns how to end it */
function listenToKeys(list: () => readonly Shortcut[]): () => void {
  let pending: string | undefined
  let pendingUntilMs = 0
  const onKey = (event: KeyboardEvent) => {
    const { key, altKey, ctrlKey, metaKey, isComposing, defaultPrevented } = event
    // Pressing a modifier alone neither is a key of a sequence nor ends one.
    if (['Shift', 'Alt', 'Control', 'Meta'].includes(key)) return
    if (altKey || ctrlKey || metaKey || isComposing || defaultPrevented || belongsToField(event)) {
      pending = undefined
      return
    }
    const match = matchKey(key, event.timeStamp < pendingUntilMs ? pending : undefined, list())
    pending = match.pending
    pendingUntilMs = event.timeStamp + SEQUENCE_MS
    if (!match.shortcut) return
    event.preventDefault()
    match.shortcut.run()
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

function readEnabled(): boolean {
  try {
    return localStorage.getItem(STORED_AS) !== 'off'
  } catch {
    return true
  }
}

function storeEnabled(enabled: boolean): void {
  try {
    if (enabled) localStorage.removeItem(STORED_AS)
    else localStorage.setItem(STORED_AS, 'off')
  } catch {
    // Without storage it holds until the page is left.
  }
}
