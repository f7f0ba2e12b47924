import { useState } from 'preact/hooks'
import type { MetricName } from '../../api/metrics.ts'
import { formatValue, plural } from '../../format/number.ts'
import { Ago } from '../../parts/ago.tsx'

interface MetricNamesProps {
  readonly names: readonly MetricName[]
  readonly more: boolean
  readonly chosen: readonly string[]
  readonly onToggle: (name: string) => void
}

/** Rows that are drawn; the search finds the others. */
const MAX_ROWS = 200

/** All metrics with their last values, to choose from. */
export function MetricNames({ names, more, chosen, onToggle }: MetricNamesProps) {
  const [text, setText] = useState('')
  const found = names.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()))
  return (
    <section class="card metric-names" aria-label="Metrics">
      <input
        type="search"
        aria-label="Find a metric"
        placeholder="Find a metric"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <ul>
        {found.slice(0, MAX_ROWS).map(({ name, value, unit, occurredAt }) => (
          <li key={name}>
            <label>
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => onToggle(name)} />
              <span class="metric-name">{name}</span>
              <span class="metric-value">
                {formatValue(value)} <span class="quiet">{unit}</span>
              </span>
              <span class="metric-ago">
                <Ago at={occurredAt} />
              </span>
            </label>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet">No metric matches.</p>}
      {(found.length > MAX_ROWS || more) && (
        <p class="quiet">{plural(found.length, 'metric')} or more; search for the others.</p>
      )}
    </section>
  )
}
