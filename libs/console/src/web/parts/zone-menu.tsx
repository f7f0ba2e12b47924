import { useState } from 'preact/hooks'
import { useZone } from '../data/zone.tsx'
import { zoneName } from '../format/time.ts'
import { browserZone } from '../format/zone.ts'
import { Field } from './field.tsx'
import { Menu } from './menu.tsx'
import { TimeZoneInput } from './time-zone-input.tsx'

/** Shows the zone of all times, and lets choose another. */
export function ZoneMenu() {
  const { zone, choose } = useZone()
  return (
    <Menu
      class="zone-menu"
      label={
        <>
          <span class="unseen">Times are in </span>
          {zoneName(Date.now())}
        </>
      }
    >
      {(close) => {
        const choice = (value: string | undefined, label: string) => (
          <li>
            <button
              type="button"
              aria-pressed={zone === value}
              onClick={() => {
                close()
                choose(value)
              }}
            >
              {label}
            </button>
          </li>
        )
        return (
          <>
            <ul class="menu-list">
              {choice(undefined, `Browser (${browserZone()})`)}
              {choice('UTC', 'UTC')}
              {zone !== undefined && zone !== 'UTC' && choice(zone, zone)}
            </ul>
            <OtherZone
              onChoose={(value) => {
                choose(value)
                close()
              }}
            />
          </>
        )
      }}
    </Menu>
  )
}

/** A zone by its name. */
function OtherZone({ onChoose }: { onChoose: (zone: string) => void }) {
  const [name, setName] = useState('')
  const [unknown, setUnknown] = useState(false)
  const submit = (event: Event) => {
    event.preventDefault()
    try {
      if (name.trim() !== '') onChoose(name.trim())
    } catch {
      setUnknown(true)
    }
  }
  return (
    <form class="menu-form" onSubmit={submit}>
      <Field
        label="Another time zone"
        error={unknown ? 'Not known: expected a name such as Asia/Tokyo' : undefined}
      >
        <TimeZoneInput
          value={name}
          invalid={unknown}
          placeholder="Asia/Tokyo"
          onChange={(value) => {
            setUnknown(false)
            setName(value)
          }}
        />
      </Field>
      <button type="submit">Use this zone</button>
    </form>
  )
}
