import { getSystem } from '../api/system.ts'
import { useMissing } from '../data/me.tsx'
import { presetsUpTo, rangeLabel } from '../data/time-range.ts'
import type { RangeControls } from '../data/use-range.ts'
import { useResource } from '../data/use-resource.ts'
import { CustomRange } from './custom-range.tsx'
import { Menu } from './menu.tsx'

const DAY_MS = 86_400_000

/** Which stretch of time is looked at, and the ways to the ones beside it. */
export function TimeRangePicker({ range, onPreset, onFixed, onShift, onWiden, onReset }: RangeControls) {
  const current = range.kind === 'preset' ? range.ms : undefined
  return (
    <div class="range-picker" role="group" aria-label="Time range">
      {onReset && (
        <button type="button" onClick={onReset}>
          Reset zoom
        </button>
      )}
      <button type="button" title="Earlier" aria-label="Earlier" onClick={() => onShift(-1)}>
        ‹
      </button>
      <Menu label={rangeLabel(range)}>
        {(close) => (
          <div class="range-menu">
            <Presets
              current={current}
              onPreset={(ms) => {
                close()
                onPreset(ms)
              }}
            />
            <CustomRange
              range={range}
              onPreset={(ms) => {
                close()
                onPreset(ms)
              }}
              onFixed={(fromMs, toMs) => {
                close()
                onFixed(fromMs, toMs)
              }}
            />
          </div>
        )}
      </Menu>
      <button
        type="button"
        title="Later"
        aria-label="Later"
        disabled={range.kind === 'preset'}
        onClick={() => onShift(1)}
      >
        ›
      </button>
      <button type="button" title="Zoom out" aria-label="Zoom out" onClick={onWiden}>
        ⊖
      </button>
    </div>
  )
}

/** Ranges that end now, up to all that is kept. */
function Presets({
  current,
  onPreset,
}: {
  current: number | undefined
  onPreset: RangeControls['onPreset']
}) {
  const mayAsk = useMissing(['system:read']).length === 0
  const { data } = useResource(mayAsk ? 'system' : undefined, getSystem)
  const keptMs = data?.retentionDays ? data.retentionDays * DAY_MS : undefined
  return (
    <ul class="menu-list">
      {presetsUpTo(keptMs).map(({ ms, label }) => (
        <li key={ms}>
          <button type="button" aria-pressed={ms === current} onClick={() => onPreset(ms)}>
            {label}
          </button>
        </li>
      ))}
    </ul>
  )
}
