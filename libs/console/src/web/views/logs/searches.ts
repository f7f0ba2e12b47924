/** Searches that a browser keeps, the newest first. */
export interface Searches {
  readonly saved: readonly string[]
  readonly recent: readonly string[]
}

const KEY = 'runnel.logs.searches'
const LIMITS = { saved: 30, recent: 10 }

type Kept = Pick<Storage, 'getItem' | 'setItem'>

/** What is malformed counts as nothing. */
export function readSearches(storage: Kept): Searches {
  try {
    const { saved, recent } = JSON.parse(storage.getItem(KEY) ?? '{}') as Record<string, unknown>
    return { saved: textsOf(saved), recent: textsOf(recent) }
  } catch {
    return { saved: [], recent: [] }
  }
}

/** A storage that takes nothing more changes nothing: the searches are a convenience. */
export function writeSearches(storage: Kept, searches: Searches): void {
  try {
    storage.setItem(KEY, JSON.stringify(searches))
  } catch {
    // Full, or forbidden in this window.
  }
}

/** The searches with one more on top of a list; the oldest go. */
export function keepSearch(searches: Searches, list: keyof Searches, text: string): Searches {
  const others = searches[list].filter((one) => one !== text)
  return { ...searches, [list]: [text, ...others].slice(0, LIMITS[list]) }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
