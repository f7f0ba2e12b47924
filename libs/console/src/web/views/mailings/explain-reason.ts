/** Reasons that messages carry, for people. */
const REASONS: Readonly<Record<string, string>> = {
  opted_out: 'The client has opted out',
  no_address: 'The client has no address of the channel any more',
  client_deleted: 'The client was deleted',
  interrupted: 'The sender stopped before the outcome was known',
  time_zone_unknown: "The client's time zone is no longer known",
  window_closed: "Outside the permitted hours in the client's time zone",
  text_too_long: 'The text would be too long',
  text_empty: 'The text would be empty',
  template_too_slow: 'The text took too long to render',
  template_failed: 'The text could not be rendered for this client',
  template_invalid: 'The text is not a valid template',
  unreached: 'The gateway was not reached',
  refused: 'The gateway refused with a code that is not a whole number',
  uncertain: 'The gateway did not report whether it accepted the message',
}

/** A reason in words; one that is not known here, as it is. */
export function explainReason(reason: string): string {
  const [, status] = /^http_(\d{3})$/.exec(reason) ?? []
  if (status !== undefined) return `The gateway answered ${status}`
  const [, code] = /^(?:gateway_)?code_(-?\d+)$/.exec(reason) ?? []
  if (code !== undefined) return `The gateway refused with code ${code}`
  return Object.hasOwn(REASONS, reason) ? REASONS[reason]! : reason
}

/** Outcomes of attempts, for people. */
const OUTCOMES: Readonly<Record<string, string>> = {
  accepted: 'The gateway accepted it',
  refused: 'Refused for now',
  rejected: 'Refused for good',
  uncertain: 'Unknown whether the gateway accepted it',
  unreached: 'The gateway was not reached',
}

export function explainOutcome(outcome: string): string {
  return Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome]! : outcome
}
