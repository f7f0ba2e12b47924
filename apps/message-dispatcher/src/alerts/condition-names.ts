/** Conditions that raise alerts. Names are stored and part of the public interface: add, never rename. */
export const CONDITION_NAMES = [
  'gateway_breaker',
  'gateway_pause',
  'email_breaker',
  'webhook_breaker',
  'dead_letters',
  'lag',
  'retention_suspended',
] as const

export type ConditionName = (typeof CONDITION_NAMES)[number]

/** While one of these holds, nothing goes out through a channel. */
export const OUTAGE_CONDITIONS = [
  'gateway_breaker',
  'gateway_pause',
  'email_breaker',
  'webhook_breaker',
] as const satisfies readonly ConditionName[]
