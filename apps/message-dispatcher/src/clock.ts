/** The time by which mailings start, end and keep their windows. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Reads the time from its source again. @throws what the driver throws */
  synchronise?(): Promise<void>
  /** By how much this process's wall clock is ahead of it, in milliseconds; undefined while that is not known. */
  offsetMs?(): number | undefined
}
