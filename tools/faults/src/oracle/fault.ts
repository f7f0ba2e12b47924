import type { LineMode } from '../proxy/tcp-proxy.ts'

/** The processes of a run, in the order in which a rolling deployment replaces them. */
export const APPS = [
  'ingest-api-1',
  'ingest-api-2',
  'consumer-1',
  'consumer-2',
  'query-api-1',
  'message-dispatcher-1',
  'message-dispatcher-2',
] as const
export type AppId = (typeof APPS)[number]

export const STORES = ['broker', 'postgres', 'redis'] as const
export type StoreId = (typeof STORES)[number]

/** From which app to which store; each has a line of its own. */
export type LineId = `${AppId}>${StoreId}`

/** Redis is for those who cache or share a rate. */
export const LINES: readonly LineId[] = APPS.flatMap((app) =>
  STORES.filter((store) => store !== 'redis' || /^(query|message)/.test(app)).map(
    (store) => `${app}>${store}` as const,
  ),
)

/** A fault and its time. */
export type Fault = {
  /** Since the first moment of the load. */
  readonly atMs: number
  /** How long it is meant to last; what it takes to come back is not counted. */
  readonly lastsMs: number
} & FaultAction

export type FaultAction =
  /** SIGKILL, then a new process. */
  | { readonly type: 'kill-app'; readonly app: AppId }
  /** SIGSTOP, for longer than the ack wait and the leases. */
  | { readonly type: 'stop-app'; readonly app: AppId }
  /** SIGKILL; PostgreSQL gets an immediate shutdown. */
  | { readonly type: 'kill-store'; readonly store: StoreId }
  | { readonly type: 'cut-line'; readonly line: LineId }
  | { readonly type: 'trouble-line'; readonly line: LineId; readonly mode: LineMode }
  /** Consumers stand still, and large events come until the broker refuses them. */
  | { readonly type: 'fill-stream' }
  /** Garbage on every subject. */
  | { readonly type: 'poison'; readonly messages: number; readonly seed: number }
  /** The schema grows or shrinks under load. */
  | { readonly type: 'migrate' }
  /** Every app is replaced, one after the other. */
  | { readonly type: 'deploy' }
  /** The wall clock of one process is wrong by so much, at once; its monotonic clock is not. */
  | { readonly type: 'step-clock'; readonly app: AppId; readonly byMs: number }
  /** The standby of a pair is killed, and comes back: synchronous commits wait meanwhile; some of the waits are cancelled. */
  | { readonly type: 'standby-away'; readonly cancels: boolean }
  /** The disk with the tables has no room left. */
  | { readonly type: 'fill-disk' }
  /** The gateway of the mailings changes its behaviour. */
  | { readonly type: 'gateway'; readonly change: object }

/** What a fault keeps busy: faults on the same thing come one after the other. */
export function targetOf(fault: FaultAction): string {
  switch (fault.type) {
    case 'kill-app':
    case 'stop-app':
      return fault.app
    case 'kill-store':
      return fault.store
    // The standby is not away while the primary is: then there would be no server at all.
    case 'standby-away':
      return 'postgres'
    case 'step-clock':
      return `clock of ${fault.app}`
    case 'cut-line':
    case 'trouble-line':
      return fault.line
    default:
      return fault.type
  }
}

/** In few words, for the timeline. */
export function describeFault(fault: FaultAction): string {
  const mode = fault.type === 'trouble-line' ? ` ${JSON.stringify(fault.mode)}` : ''
  const change = fault.type === 'gateway' ? ` ${JSON.stringify(fault.change)}` : ''
  const by = fault.type === 'step-clock' ? ` by ${fault.byMs / 1000} s` : ''
  const target = targetOf(fault)
  return `${fault.type}${target === fault.type ? '' : ` ${target}`}${by}${mode}${change}`
}

/** By which faults are counted. */
export function typeOf(fault: FaultAction): string {
  if (fault.type === 'trouble-line') return fault.mode.type
  if (fault.type === 'kill-store') return `kill-${fault.store}`
  return fault.type
}
