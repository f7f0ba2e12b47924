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
  unreached: 'The gateway, the mail server or the webhook was not reached',
  refused: 'The gateway refused with a code that is not a whole number',
  uncertain: 'There was no report whether the message was accepted',
  private_address: 'The webhook led to a private network',
  email_invalid: 'The e-mail could not be created',
  no_answer: 'The mail server did not answer in time, or closed the connection',
  unauthorised: 'The mail server refused the login',
  sender_refused: 'The mail server refused the sender',
  service_refused: 'The mail server refused to take messages',
  forbidden: 'The mail server refused the recipient by its policy',
}

/** A reason in words; one that is not known here, as it is. */
export function explainReason(reason: string): string {
  const [, status] = /^http_(\d{3})$/.exec(reason) ?? []
  if (status !== undefined) return `The gateway or the webhook answered ${status}`
  const [, reply] = /^smtp_(\d{3})$/.exec(reason) ?? []
  if (reply !== undefined) return `The mail server answered ${reply}`
  const [, code] = /^(?:gateway_)?code_(-?\d+)$/.exec(reason) ?? []
  if (code !== undefined) return `The gateway refused with code ${code}`
  return Object.hasOwn(REASONS, reason) ? REASONS[reason]! : reason
}

/** Outcomes of attempts, for people. */
const OUTCOMES: Readonly<Record<string, string>> = {
  accepted: 'Accepted',
  refused: 'Refused for now',
  rejected: 'Refused for good',
  uncertain: 'Unknown whether it was accepted',
  unreached: 'Not reached',
}

export function explainOutcome(outcome: string): string {
  return Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome]! : outcome
}
