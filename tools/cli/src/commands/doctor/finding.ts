/** `warning`: it works, and should be looked at. `problem`: it does not work. `unknown`: it could not be looked at. */
export type FindingStatus = 'ok' | 'warning' | 'problem' | 'unknown'

/** What one check has shown. */
export interface Finding {
  /** Stable: what was looked at, e.g. `server broker`. */
  readonly check: string
  readonly status: FindingStatus
  readonly message: string
  /** What to do; left out where there is nothing. */
  readonly advice?: string
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message }
}

export function warning(check: string, message: string, advice: string): Finding {
  return { check, status: 'warning', message, advice }
}

export function problem(check: string, message: string, advice: string): Finding {
  return { check, status: 'problem', message, advice }
}

export function unknown(check: string, message: string, advice: string): Finding {
  return { check, status: 'unknown', message, advice }
}
