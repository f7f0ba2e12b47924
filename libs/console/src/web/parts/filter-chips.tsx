export interface Filter {
  /** The parameter that holds it. */
  readonly param: string
  readonly label: string
}

interface FilterChipsProps {
  readonly filters: readonly Filter[]
  readonly onRemove: (param: string) => void
}

/** The filters that hold, each with a way to drop it. */
export function FilterChips({ filters, onRemove }: FilterChipsProps) {
  if (filters.length === 0) return null
  return (
    <div class="chips" role="group" aria-label="Filters">
      {filters.map(({ param, label }) => (
        <span key={param} class="chip">
          <span>{label}</span>
          <button type="button" class="plain" aria-label={`Remove ${label}`} onClick={() => onRemove(param)}>
            ✕
          </button>
        </span>
      ))}
    </div>
  )
}
