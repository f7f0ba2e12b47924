/** What a log looks like in the benchmarks: a line of some service, with two attributes. */
export interface LogItem {
  readonly level: string
  readonly service: string
  readonly message: string
  readonly attributes: { readonly user: number; readonly trace: string }
}

const LEVELS = ['info', 'info', 'info', 'info', 'info', 'info', 'info', 'debug', 'warn', 'error']
const SERVICES = ['shop', 'bank', 'auth', 'mail']

/** The same items in every run. @param from number of the first one */
export function createLogs(count: number, from = 0): LogItem[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i
    return {
      level: LEVELS[(n * 7919) % LEVELS.length]!,
      service: SERVICES[(n * 31) % SERVICES.length]!,
      message: `Request completed for order ${n} in ${n % 900} ms from host web-${n % 50}`,
      attributes: { user: n % 5000, trace: `4bf92f3577b34da6a3ce929d${String(n).padStart(8, '0')}` },
    }
  })
}
