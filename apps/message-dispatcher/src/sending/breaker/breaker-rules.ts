import type { SendResult } from '../channels/channel.ts'

/** Shares of the full concurrency, step by step, before all of it. */
export const RAMP_SHARES = [0.01, 0.1] as const

/** A step lasts for at least this time and this many results. */
const STEP_MS = 1000
const STEP_RESULTS = 10

/** Whose attempt it was. */
export interface AttemptOrigin {
  readonly mailingId: number
  /** The message was attempted before: that it fails again says little about the gateway. */
  readonly failedBefore: boolean
  /** It was refused for what it is, while others succeeded. */
  readonly refusedBefore: boolean
}

/**
 * What an attempt says about the channel. An answer about the message shows that the channel works; a message that fails
 * again and again says nothing. `account`: about the account, unless other messages succeed.
 */
export type Evidence = 'works' | 'fails' | 'unreached' | 'account' | 'none'

export function evidenceOf(result: SendResult, { failedBefore }: AttemptOrigin): Evidence {
  const { outcome, scope, httpStatus = 0 } = result
  if (outcome === 'unreached') return 'unreached'
  if (outcome === 'accepted' || outcome === 'rejected') return 'works'
  if (outcome === 'refused') {
    if (scope === 'account') return 'account'
    // It was answered about one address. A 2xx is the gateway's own answer, whatever its code.
    if (scope === 'address' || scope === 'message' || (httpStatus >= 200 && httpStatus < 300)) return 'works'
  }
  return failedBefore ? 'none' : 'fails'
}

/** Whether the gateway itself said what it makes of a message: the token and the address are right then. */
export function isOwnAnswer({ outcome, scope, httpStatus = 0 }: SendResult): boolean {
  if (outcome === 'accepted') return true
  return outcome === 'refused' && (scope === 'address' || (httpStatus >= 200 && httpStatus < 300))
}

/** Whether there was an answer at all. */
export function isAnswered({ httpStatus, gatewayCode }: SendResult): boolean {
  return httpStatus !== undefined || gatewayCode !== undefined
}

/** A gateway that answers 429 with Retry-After works, but asks for a pause. @returns its milliseconds, else undefined */
export function requestedPauseMs({ httpStatus, scope, retryAfterMs }: SendResult): number | undefined {
  return httpStatus === 429 && scope !== 'address' ? retryAfterMs : undefined
}

/** Why nothing is sent during a pause: 429 with Retry-After. */
export const PAUSE_REASON = 'too_many_requests'

/** What the breaker is opened for. */
export type BreakerReason = 'failing' | 'unreachable' | AccountReason

/** Why the account or the address is refused. */
const ACCOUNT_REASONS = {
  401: 'unauthorised',
  402: 'payment_required',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  407: 'proxy_unauthorised',
  415: 'media_type_refused',
  426: 'upgrade_required',
} as const

/** Reasons that channels name themselves: a mail server refuses the sender, or every command. */
const OWN_REASONS = ['sender_refused', 'service_refused'] as const

type AccountReason =
  (typeof ACCOUNT_REASONS)[keyof typeof ACCOUNT_REASONS] | (typeof OWN_REASONS)[number] | 'redirected'

/** Every reason there is, for metrics. */
export const BREAKER_REASONS: readonly BreakerReason[] = [
  'failing',
  'unreachable',
  'redirected',
  ...Object.values(ACCOUNT_REASONS),
  ...OWN_REASONS,
]

export function accountReason({ httpStatus, reason }: SendResult): BreakerReason {
  const named = BREAKER_REASONS.find((known) => known === reason)
  if (named) return named
  return ACCOUNT_REASONS[httpStatus as keyof typeof ACCOUNT_REASONS] ?? 'redirected'
}

/**
 * @param elapsedMs since the step began
 * @param patienceMs after this time a step ends even where there is nothing to send: longer than an attempt takes
 */
export function mayStepUp(
  { total, failed }: { readonly total: number; readonly failed: number },
  elapsedMs: number,
  patienceMs: number,
): boolean {
  if (failed * 2 >= total && total > 0) return false
  return elapsedMs >= patienceMs || (elapsedMs >= STEP_MS && total >= STEP_RESULTS)
}
