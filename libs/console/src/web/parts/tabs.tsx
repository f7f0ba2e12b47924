interface TabsProps {
  /** What the tabs are parts of, for who cannot see it. */
  readonly label: string
  readonly tabs: readonly { readonly id: string; readonly label: string }[]
  readonly current: string
  readonly hrefOf: (id: string) => string
}

/** Parts of a view, each with an address of its own. */
export function Tabs({ label, tabs, current, hrefOf }: TabsProps) {
  const known = tabs.some(({ id }) => id === current)
  return (
    <nav class="tabs" aria-label={label}>
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
