import { createContext, Fragment, type ComponentChildren } from 'preact'
import { useContext, useState } from 'preact/hooks'
import { setZone } from '../format/zone.ts'

/** Where the choice is kept: in this browser, until it is changed. */
const STORED_AS = 'runnel.zone'

interface ZoneChoice {
  /** An IANA name; undefined for the browser's own. */
  readonly zone: string | undefined
  /** @throws RangeError for a name that is not known */
  readonly choose: (zone: string | undefined) => void
}

const ZoneContext = createContext<ZoneChoice>({ zone: undefined, choose: () => {} })

/** The zone that times are shown in, and the way to choose another. */
export function useZone(): ZoneChoice {
  return useContext(ZoneContext)
}

/** Sets the zone of all times in it. Another choice draws everything anew. */
export function ZoneProvider({ children }: { children: ComponentChildren }) {
  const [zone, setChosen] = useState(readStored)
  const choose = (next: string | undefined) => {
    setZone(next)
    store(next)
    setChosen(next)
  }
  return (
    <ZoneContext.Provider value={{ zone, choose }}>
      <Fragment key={zone ?? ''}>{children}</Fragment>
    </ZoneContext.Provider>
  )
}

/** What was chosen before becomes the zone at once, as long as the browser knows it. */
function readStored(): string | undefined {
  try {
    const zone = localStorage.getItem(STORED_AS) ?? undefined
    setZone(zone)
    return zone
  } catch {
    // Without storage, or under a name that is not known any more, the browser's own holds.
    return undefined
  }
}

function store(zone: string | undefined): void {
  try {
    if (zone === undefined) localStorage.removeItem(STORED_AS)
    else localStorage.setItem(STORED_AS, zone)
  } catch {
    // Without storage the choice holds until the page is left.
  }
}
