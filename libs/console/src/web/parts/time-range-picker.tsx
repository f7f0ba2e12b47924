import { PRESETS, rangeLabel, type TimeRange } from '../data/time-range.ts'
import { CustomRange } from './custom-range.tsx'
import { Menu } from './menu.tsx'

interface TimeRangePickerProps {
  readonly range: TimeRange
  readonly onPreset: (id: string) => void
  readonly onFixed: (fromMs: number, toMs: number) => void
}

/** Which stretch of time is looked at. */
export function TimeRangePicker({ range, onPreset, onFixed }: TimeRangePickerProps) {
  const current = range.kind === 'preset' ? range.id : undefined
  return (
    <Menu label={rangeLabel(range)}>
      {(close) => (
        <>
          <ul class="menu-list">
            {PRESETS.map(({ id, label }) => (
              <li key={id}>
                <button
                  type="button"
                  aria-pressed={id === current}
                  onClick={() => {
                    close()
                    onPreset(id)
                  }}
                >
                  {label}
                </button>
              </li>
            ))}
          </ul>
          <CustomRange
            range={range}
            onApply={(fromMs, toMs) => {
              close()
              onFixed(fromMs, toMs)
            }}
          />
        </>
      )}
    </Menu>
  )
}
