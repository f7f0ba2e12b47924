import { useEffect, useRef } from 'preact/hooks'
import { useScrollHint } from '../data/use-scroll-hint.ts'

interface TabsProps {
  /** What the tabs are parts of, for who cannot see it. */
  readonly label: string
  readonly tabs: readonly { readonly id: string; readonly label: string }[]
  readonly current: string
  readonly hrefOf: (id: string) => string
}

/** Parts of a view, each with an address of its own. Where there is no room for all, they scroll, and show it. */
export function Tabs({ label, tabs, current, hrefOf }: TabsProps) {
  const frame = useRef<HTMLElement>(null)
  useScrollHint(frame)
  useEffect(() => {
    frame.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [current])
  const known = tabs.some(({ id }) => id === current)
  return (
    <nav class="tabs" aria-label={label} ref={frame}>
      {tabs.map((tab, i) => (
        <a
          key={tab.id}
          href={hrefOf(tab.id)}
          aria-current={tab.id === current || (!known && i === 0) ? 'page' : undefined}
        >
          {tab.label}
        </a>
      ))}
    </nav>
  )
}
