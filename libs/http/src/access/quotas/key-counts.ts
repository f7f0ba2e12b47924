/** What a key did at this process since that was last written down. Who counts, adds to it. */
export interface KeyCounts {
  /** Requests that were let in, by the app that answers them. */
  requests: number
  /**
   * Requests that were refused: by a quota, for a scope that is missing, from another network, after the end of the key. One that was
   * forwarded is counted by the app that forwards it, and one that took long when it began.
   */
  refused: number
  events: number
  /** Of bodies as received. */
  bytes: number
}

/** @returns counts of nothing */
export function noCounts(): KeyCounts {
  return { requests: 0, refused: 0, events: 0, bytes: 0 }
}

export function addCounts(to: KeyCounts, { requests, refused, events, bytes }: Readonly<KeyCounts>): void {
  to.requests += requests
  to.refused += refused
  to.events += events
  to.bytes += bytes
}
