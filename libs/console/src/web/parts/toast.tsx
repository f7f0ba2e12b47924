import { createContext, type ComponentChildren } from 'preact'
import { useCallback, useContext, useRef, useState } from 'preact/hooks'
import type { Tone } from './badge.tsx'

type ShowToast = (text: string, tone?: Tone) => void

interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: Tone
}

/** How long one stands. */
const SHOWN_MS = 5000
/** How many stand at a time. */
const MAX_SHOWN = 4

const ToastContext = createContext<ShowToast>(() => {})

/** Shows briefly what was done. */
export function useToast(): ShowToast {
  return useContext(ToastContext)
}

export function ToastProvider({ children }: { children: ComponentChildren }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const lastId = useRef(0)
  const show = useCallback<ShowToast>((text, tone = 'good') => {
    const id = ++lastId.current
    setToasts((all) => [...all, { id, text, tone }].slice(-MAX_SHOWN))
    setTimeout(() => setToasts((all) => all.filter((one) => one.id !== id)), SHOWN_MS)
  }, [])
  return (
    <ToastContext.Provider value={show}>
      {children}
      <div class="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text, tone }) => (
          <p key={id} class="toast" data-tone={tone}>
            {text}
          </p>
        ))}
      </div>
    </ToastContext.Provider>
  )
}
