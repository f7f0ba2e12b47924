/** Conditions that raise alerts. Names are stored and part of the public interface: add, never rename. */
export const CONDITION_NAMES = [
  'gateway_breaker',
  'gateway_pause',
  'dead_letters',
  'lag',
  'retention_suspended',
] as const

export type ConditionName = (typeof CONDITION_NAMES)[number]

/** While one of these holds, nothing goes out. */
export const OUTAGE_CONDITIONS = [
  'gateway_breaker',
  'gateway_pause',
] as const satisfies readonly ConditionName[]
