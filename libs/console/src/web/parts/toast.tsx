import { createContext, type ComponentChildren } from 'preact'
import { useCallback, useContext, useMemo, useRef, useState } from 'preact/hooks'
import type { Tone } from './badge.tsx'

export type ShowToast = (text: string, tone?: Tone) => void

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: Tone
}

interface Toasts {
  readonly show: ShowToast
  readonly toasts: readonly Toast[]
  readonly dismiss: (id: number) => void
  /** Dialogs that are open: each shows them itself, because what is behind it is not read out. */
  readonly dialogs: number
  /** A dialog has opened. @returns to be called when it closes */
  readonly openDialog: () => () => void
}

/** How many stand at a time. */
const MAX_SHOWN = 3

const ShowContext = createContext<ShowToast>(() => {})
const ToastsContext = createContext<Toasts>({
  show: () => {},
  toasts: [],
  dismiss: () => {},
  dialogs: 0,
  openDialog: () => () => {},
})

/** Shows briefly what was done. */
export function useToast(): ShowToast {
  return useContext(ShowContext)
}

/** What is shown at the moment. */
export function useToasts(): Toasts {
  return useContext(ToastsContext)
}

export function ToastProvider({ children }: { children: ComponentChildren }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const [dialogs, setDialogs] = useState(0)
  const lastId = useRef(0)
  const show = useCallback<ShowToast>((text, tone = 'good') => {
    const id = ++lastId.current
    setToasts((all) => [...all, { id, text, tone }].slice(-MAX_SHOWN))
  }, [])
  const value = useMemo(
    () => ({
      ...{ show, toasts, dialogs },
      dismiss: (id: number) => setToasts((all) => all.filter((one) => one.id !== id)),
      openDialog: () => {
        setDialogs((count) => count + 1)
        return () => setDialogs((count) => count - 1)
      },
    }),
    [show, toasts, dialogs],
  )
  return (
    <ShowContext.Provider value={show}>
      <ToastsContext.Provider value={value}>{children}</ToastsContext.Provider>
    </ShowContext.Provider>
  )
}
