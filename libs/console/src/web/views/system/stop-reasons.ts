/** Why nothing is sent, for people: what it means, and what to do. */
const REASONS: Readonly<Record<string, string>> = {
  too_many_requests: 'The gateway answered 429 with Retry-After: it asked for a pause.',
  failing: 'The gateway answers with errors, or not in time.',
  unreachable: 'The gateway cannot be reached.',
  unauthorised: 'The gateway answers 401: it does not know the token. Check GATEWAY_TOKEN.',
  payment_required: 'The gateway answers 402: the account lacks credit. Talk to the provider.',
  forbidden: 'The gateway answers 403: the account may not send. Talk to the provider.',
  not_found: 'The gateway answers 404 to everything. Check GATEWAY_URL.',
  method_not_allowed: 'The gateway answers 405 to everything. Check GATEWAY_URL.',
  not_acceptable:
    'The gateway answers 406 to everything: it is not the one that is expected. Check GATEWAY_URL.',
  proxy_unauthorised: 'A proxy answers 407: it wants a login. Check the network.',
  media_type_refused:
    'The gateway answers 415 to everything: it is not the one that is expected. Check GATEWAY_URL.',
  upgrade_required: 'The gateway answers 426: it wants another protocol. Check GATEWAY_URL.',
  redirected: 'The gateway redirects everything elsewhere. Check GATEWAY_URL.',
}

/** Of the other channels. */
const CHANNEL_REASONS: Readonly<Record<string, string>> = {
  failing: 'It answers with errors, or not in time.',
  unreachable: 'It cannot be reached.',
  unauthorised: 'The mail server does not accept the login. Check EMAIL_USER and EMAIL_PASSWORD.',
  sender_refused: 'The mail server does not accept the sender. Check EMAIL_FROM.',
  service_refused: 'The mail server refuses every message. Ask its operator why.',
  too_many_requests: 'It asked for a pause.',
}

/** A reason that is not known here, as it is. */
export function explainStop(reason: string, channel = 'gateway'): string {
  if (channel !== 'gateway' && Object.hasOwn(CHANNEL_REASONS, reason)) return CHANNEL_REASONS[reason]!
  return Object.hasOwn(REASONS, reason) ? REASONS[reason]! : reason
}
